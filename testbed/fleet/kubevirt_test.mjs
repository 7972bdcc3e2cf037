// SPDX-License-Identifier: GPL-2.0-only
//
// kubevirt_test.mjs DIR: tests (TAP) of packaging/kubevirt against KubeVirt's API, as its
// OpenAPI description has it, in the form of types. DIR has the npm packages. The compiler
// says which field is missing, is not known, or has another type.

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const dir = process.argv[2];
const top = new URL("../../", import.meta.url).pathname;
const require = createRequire(join(dir, "package.json"));
const yaml = require("yaml");
const API = "@kubevirt-ui-ext/kubevirt-api/kubevirt";
const TYPES = { KubeVirt: "V1KubeVirt", VirtualMachine: "V1VirtualMachine" };
const OPTIONS = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022",
	"--module", "es2022", "--moduleResolution", "bundler"];

function object(file) {
	return yaml.parse(readFileSync(join(top, "packaging/kubevirt", file), "utf8"));
}

// What the compiler says about an object; nothing if it is of its kind's type
function complaints(what) {
	const type = TYPES[what.kind];
	const source = join(dir, "check.ts");
	// The generator of the types has another name for that.
	const text = JSON.stringify(what, null, 1).replace('"configuration":',
		'"_configuration":');

	writeFileSync(source, `import type { ${type} } from "${API}";\n` +
		`export const it: ${type} = ${text};\n`);
	const run = spawnSync(process.execPath,
		[require.resolve("typescript/bin/tsc"), ...OPTIONS, source],
		{ cwd: dir, encoding: "utf8" });
	return run.stdout + run.stderr;
}

const cluster = object("kubevirt.yaml");
const machine = object("machine.yaml");
const permitted = cluster.spec.configuration.permittedHostDevices.mediatedDevices;
const devices = machine.spec.template.spec.domain.devices;

function wrong(change) {
	const copy = structuredClone(cluster);

	change(copy.spec.configuration);
	return complaints(copy) === complaints(cluster) ? "the compiler does not notice" : "";
}

const tests = [
	["the configuration is of the type V1KubeVirt", () => complaints(cluster)],
	["the machine is of the type V1VirtualMachine", () => complaints(machine)],
	["a field that KubeVirt does not know is noticed",
		() => wrong((c) => { c.permittedHostDevices.mediatedDevices[0].name = "x"; })],
	["a field that is missing is noticed",
		() => wrong((c) => {
			delete c.permittedHostDevices.mediatedDevices[0].resourceName;
		})],
	["the machine's devices are permitted", () => {
		const names = permitted.map((p) => p.resourceName);
		const not = devices.hostDevices.filter((d) => !names.includes(d.deviceName));
		return JSON.stringify(not.map((d) => d.deviceName)).replace("[]", "");
	}],
	// virt-handler's socket has the name behind the slash, and the environment of
	// virt-launcher the whole one, with / and . made the same.
	["names of resources are a domain and a name, and do not collide", () => {
		const names = permitted.map((p) => p.resourceName);
		const bad = names.filter((n) => !/^[a-z0-9.-]+\/[a-z0-9-]+$/.test(n));
		const short = new Set(names.map((n) => n.split("/")[1]));
		return bad.join(" ") + (short.size === names.length ? "" : " collide");
	}],
	["virt-handler does not remove contexts", () =>
		cluster.spec.configuration.mediatedDevicesConfiguration.enabled === false ?
			"" : "mediatedDevicesConfiguration.enabled is not false"],
];

let failed = 0;
console.log(`1..${tests.length}`);
tests.forEach(([name, test], i) => {
	const said = test();

	if (said) {
		failed = 1;
		console.log(said.trim().replace(/^/gm, "# "));
	}
	console.log(`${said ? "not ok" : "ok"} ${i + 1} - kubevirt: ${name}`);
});
process.exit(failed);
