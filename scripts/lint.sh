#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lint.sh [GATE]...: the checks that need no running system, each one TAP test
# whose output is shown only if it fails. Without arguments, all of them.

set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$TOP"

GATES=(checkpatch kernel_doc modules_stock modules_newest codespell shellcheck
	python clang_tidy cppcheck includes rooms unused version builtin sizes spdx markers
	help documentation references phrases packaging)

# Files that git knows or could come to know, by pattern.
files() { git ls-files --cached --others --exclude-standard -- "$@" | sort -u; }
existing() { while read -r f; do [[ ! -f $f ]] || printf '%s\n' "$f"; done; }

c_files()
{
	files 'kernel/*.[ch]' 'include/*.h' 'nic-firmware/*.[ch]' \
		'selftests/*.[ch]' 'bench/*.[ch]' | existing
}
# What is built as part of a kernel only.
kernel_c_files()
{
	files 'kernel/*.[ch]' 'nic-firmware/core/kernel/*.c' 'bench/*.[ch]' \
		'selftests/vm/*/*.c' | existing | grep -v -e /tests/ -e ^bench/count/ || true
}
# What runs as a process here.
user_c_files()
{
	files 'nic-firmware/*.c' 'bench/count/*.c' | existing |
		grep -v /core/kernel/
}
# Shell scripts, by name or by first line.
scripts()
{
	files | existing | xargs -d '\n' awk '
		FNR == 1 && (FILENAME ~ /\.sh$/ || /^#!.*sh/) { print FILENAME }
		FNR > 1 { nextfile }'
}

# Fail with a message if there is nothing to look at: a gate that sees no file
# would pass for the wrong reason.
some()
{
	mapfile -t list
	((${#list[@]})) || die "no files to check"
}

# What cannot apply outside a kernel tree: FILE_PATH_CHANGES (there is no
# MAINTAINERS), LONG_LINE_STRING (contradicts SPLIT_STRING, which stays), CONST_STRUCT (a
# kobj_type of the mdev core's is copied to be changed).
CHECKPATCH_IGNORE=FILE_PATH_CHANGES,LONG_LINE_STRING,CONST_STRUCT
# What cannot apply to code that is built without the kernel's headers: its
# types, BIT(), ARRAY_SIZE(), __printf(), strscpy(); volatile, which a signal
# handler needs; errno, which is positive there and in the vfio-user protocol;
# names that others chose (PRIx64, CMUnitTest, LLVMFuzzerTestOneInput and its
# declaration); sizeof on the left of a static_assert; macros whose argument is
# a field's name or that must be constants (FW_MIN); TEST_MAIN() with a test a line.
CHECKPATCH_IGNORE_USER=$CHECKPATCH_IGNORE,PREFER_KERNEL_TYPES,BIT_MACRO
CHECKPATCH_IGNORE_USER+=,PREFER_DEFINED_ATTRIBUTE_MACRO,VOLATILE,ARRAY_SIZE
CHECKPATCH_IGNORE_USER+=,USE_NEGATIVE_ERRNO,CAMELCASE,CONSTANT_COMPARISON
CHECKPATCH_IGNORE_USER+=,STRCPY,AVOID_EXTERNS,MACRO_ARG_REUSE
CHECKPATCH_IGNORE_USER+=,MACRO_ARG_PRECEDENCE,OPEN_ENDED_LINE,MACRO_WITH_FLOW_CONTROL

# checkpatch IGNORE FILE...: it takes minutes for all files, so those that passed before,
# with the same content, tools and IGNORE, are not looked at again.
checkpatch()
{
	local ignore=$1 passed=$CACHE/checkpatch rules hash file
	local -a new=() keys=()
	shift

	mkdir -p "$passed"
	find "$passed" -type f -mtime +30 -delete
	rules=$(echo "$ignore" "$(testbed/tools.sh)" | key_of)
	while read -r hash file; do
		keys+=("$passed/$rules-$hash.${file##*.}")
		[[ -e ${keys[-1]} ]] || new+=("/cdna/$file")
	done < <(sha256sum -- "$@")
	((!${#new[@]})) ||
		testbed/in-tools.sh perl /usr/src/linux/scripts/checkpatch.pl \
			--no-tree --strict --terse --show-types --quiet --no-summary \
			--ignore "$ignore" -f "${new[@]}" || return 1
	touch "${keys[@]}"
}

gate_checkpatch()
{
	local rc=0

	some < <(kernel_c_files)
	checkpatch "$CHECKPATCH_IGNORE" "${list[@]}" || rc=1
	# The shim imitates definitions of the kernel, which break its own rules.
	some < <(c_files | grep -vxFf <(kernel_c_files) | grep -v /shim/)
	checkpatch "$CHECKPATCH_IGNORE_USER" "${list[@]}" || rc=1
	return "$rc"
}

gate_kernel_doc()
{
	some < <(c_files)
	testbed/in-tools.sh perl /usr/src/linux/scripts/kernel-doc -none -Werror \
		"${list[@]/#//cdna/}"
}

# Any output is a warning. After a run without any, only what has changed is
# compiled and looked at; after one with some, or with other rules, everything.
modules_clean()
{
	local log=$BUILD/lint-modules-$1.log clean=$BUILD/lint-modules-$1.clean rules

	rules=$(cat scripts/modules.sh scripts/lint/sparse.h scripts/lint.sh | key_of)
	[[ $(cat "$clean" 2>/dev/null) == "$rules" ]] ||
		rm -rf "$BUILD/modules/lint-$1"
	rm -f "$clean"
	scripts/modules.sh "$1" "lint-$1" W=1 C=1 \
		CF="-Wno-unknown-attribute -include /cdna/scripts/lint/sparse.h" \
		>"$log" 2>&1 || { cat "$log"; return 1; }
	[[ ! -s $log ]] || { cat "$log"; return 1; }
	echo "$rules" >"$clean"
}
gate_modules_stock() { modules_clean stock; }
gate_modules_newest() { modules_clean newest; }

gate_codespell()
{
	some < <(files | existing | grep -v '^LICENSES/')
	codespell --check-filenames --ignore-words scripts/lint/words "${list[@]}"
}

gate_shellcheck()
{
	some < <(scripts)
	# Paths of sourced files are computed (each is in the list itself), so
	# uses of what they set are not seen (SC2034, SC2154), and functions are called
	# by computed names (SC2317). Single quotes are meant (SC2016).
	shellcheck --exclude SC1090,SC1091,SC2016,SC2034,SC2154,SC2317 "${list[@]}"
}

gate_python()
{
	local rc=0

	some < <(files '*.py' | existing)
	pyflakes3 "${list[@]}" || rc=1
	# W503, W504: a line may break on either side of an operator.
	pycodestyle --max-line-length=100 --ignore=W503,W504 "${list[@]}" || rc=1
	return "$rc"
}

USER_FLAGS=(-std=gnu11 -D_GNU_SOURCE -Iinclude -Inic-firmware
	-Inic-firmware/core -Inic-firmware/boards/fake
	-Inic-firmware/boards/vfio-user -Inic-firmware/tests)

gate_clang_tidy()
{
	some < <(user_c_files)
	printf '%s\n' "${list[@]}" | xargs -P "$(nproc)" -n 1 \
		scripts/lint/tidy.sh "${USER_FLAGS[*]}"
}

gate_cppcheck()
{
	some < <(user_c_files)
	mkdir -p "$BUILD/cppcheck"
	# selfAssignment: a byte swap is nothing on a machine of that order.
	# incorrectStringBooleanError: a check that always fails has its reason
	# as its text. normalCheckLevelMaxBranches is not a finding.
	cppcheck --quiet --error-exitcode=1 --inline-suppr -j "$(nproc)" \
		--enable=warning,portability,performance --std=c11 \
		--cppcheck-build-dir="$BUILD/cppcheck" \
		--suppress=missingIncludeSystem \
		--suppress=selfAssignment \
		--suppress=incorrectStringBooleanError \
		--suppress=normalCheckLevelMaxBranches --template=gcc \
		"${USER_FLAGS[@]:1}" "${list[@]}"
}

# Logic of the host module that unit tests build in user space.
PURE=('kernel/cdna_mdev/vdev/cdna_config.[ch]' 'kernel/cdna_mdev/vdev/cdna_state.[ch]'
	'kernel/cdna_mdev/guard/cdna_queue_state.[ch]'
	'kernel/cdna_mdev/guard/cdna_verdict.[ch]'
	'kernel/cdna_softnic/softnic_rules.[ch]')

# Print the includes of the given files that do not match a pattern.
foreign_includes()
{
	local allowed=$1
	shift
	grep -nE '^[[:space:]]*#[[:space:]]*include' /dev/null "$@" |
		grep -vE "include[[:space:]]*($allowed)" || true
}

# Documentation/design.rst: who may include whom.
gate_includes()
{
	local std='<(stdint|stddef|stdbool|stdarg|limits|assert)\.h>'
	local kernel='<linux/[a-z_/]+\.h>' out

	some < <(files 'include/cdna/*.h' | existing)
	out=$(foreign_includes "$std|$kernel|\"[a-z_]+\.h\"" "${list[@]}")
	some < <(files 'nic-firmware/core/*.[ch]' | existing)
	out+=$(foreign_includes "$std|$kernel|<cdna/[a-z_]+\.h>|\"[a-z_0-9/]+\.h\"" \
		"${list[@]}")
	some < <(files "${PURE[@]}" | existing)
	out+=$(grep -nE 'include[[:space:]]*<(linux/(vfio|mdev|netdevice|pci\.h|kvm|eventfd)|asm/)' \
		/dev/null "${list[@]}" || true)
	[[ -z $out ]] || { echo "not allowed:"; echo "$out"; return 1; }
}

# Which room uses which: the table is in rooms.py.
gate_rooms() { scripts/rooms.py --check; }

gate_unused() { scripts/lint/unused.py; }

# What the modules and the changelog say is what the tree says.
gate_version()
{
	local version name said rc=0

	version=$(scripts/version.sh)
	said=$(sed -n 's/^## \[\?\([0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)
	[[ $said == "$version" ]] || {
		echo "CHANGELOG.md: the newest version is $said, not $version"
		rc=1
	}
	scripts/modules.sh stock
	for name in cdna_mdev cdna_softnic cdna_guest; do
		said=$(testbed/in-tools.sh modinfo -F version \
			"/cdna/build/modules/stock/kernel/$name/$name.ko")
		[[ $said == "$version" ]] || {
			echo "$name.ko: modinfo says '$said', not $version"
			rc=1
		}
	done
	return "$rc"
}

# Both modules and the core could be built into one kernel: no two of them define
# the same symbol, except what only a loadable module has.
gate_builtin()
{
	local out built=/cdna/build/modules/stock

	scripts/modules.sh stock
	out=$(testbed/in-tools.sh nm --defined-only --extern-only --print-file-name \
		"$built"/kernel/cdna_mdev/cdna_mdev.o \
		"$built"/kernel/cdna_softnic/cdna_softnic.o \
		"$built"/kernel/cdna_guest/cdna_guest.o \
		"$built"/nic-firmware/core/cdna_fw.o)
	some <<<"$out"
	out=$(awk '$NF !~ /^((__pfx_)?(init|cleanup)_module|__this_module)$/ {
		sub(/:.*/, "", $1); sub(/.*\//, "", $1)
		if ($NF in file)
			print $NF " is in " file[$NF] " and in " $1
		file[$NF] = $1
	}' <<<"$out")
	[[ -z $out ]] || { echo "$out"; return 1; }
}

# Lines of functions and of files.
gate_sizes()
{
	some < <({ c_files; scripts; files '*.py' | existing; } | sort -u)
	scripts/sizes.py --check "${list[@]}"
}

gate_spdx()
{
	local file rc=0 want

	while read -r file; do
		case $file in
		include/cdna/* | nic-firmware/core/* | Documentation/abi*.rst)
			want='GPL-2.0-only OR BSD-3-Clause' ;;
		*) want=GPL-2.0-only ;;
		esac
		head -n 3 "$file" | grep -q "SPDX-License-Identifier: ($want)" ||
			head -n 3 "$file" |
			grep -qE "SPDX-License-Identifier: $want( \*/)?$" || {
			echo "$file: wants 'SPDX-License-Identifier: $want'"
			rc=1
		}
	done < <({ c_files; scripts; files Makefile '*/Makefile' '*/Kbuild' \
		'*.mk' '*Kconfig' '*.py' 'Documentation/*.rst'; } | sort -u | existing)
	return "$rc"
}

# Work left undone, and traces of one machine or registry.
gate_markers()
{
	local out

	some < <(files | existing | grep -vE '^(LICENSES/|scripts/lint\.sh$)')
	out=$(grep -nwE 'TODO|FIXME|XXX|HACK' "${list[@]}" || true
		grep -nE '(^|[^a-zA-Z0-9_.}-])/(home|work)/[a-z]' "${list[@]}" |
			grep -vE '/work/(overlay|initrd|root[./]|vmlinuz)' || true
		grep -nE '[a-z0-9-]+\.(debian\.org|ubuntu\.com|pypi\.org|npmjs)' \
			"${list[@]}" || true
		grep -nE '[[:space:]]$' "${list[@]}" || true)
	[[ -z $out ]] || { echo "$out"; return 1; }
}

# Every phony target is documented.
gate_help()
{
	local target rc=0 known

	known=$(scripts/help.sh Makefile mk/*.mk)
	while read -r target; do
		grep -q "^  $target " <<<"$known" || {
			echo "$target is not in make help"
			rc=1
		}
	done < <(sed -n 's/^\.PHONY: *//p' Makefile mk/*.mk | tr ' ' '\n')
	return "$rc"
}

# Pages are well-formed, and the index leads to each.
gate_documentation() { /usr/bin/python3 scripts/lint/pages.py; }

# What pages and comments cite is there.
gate_references() { /usr/bin/python3 scripts/lint/references.py; }

# What packaging/ and admin/ name is what the modules have.
gate_packaging() { /usr/bin/python3 scripts/lint/packaging.py; }

# What has plain words so far, and keeps them.
PLAIN=(
	'*.md'
	'*.rst'
	Kconfig
	Makefile
	'bench/*'
	'include/*'
	'kernel/*'
	'libvirt-xml/*'
	'mk/*'
	'nic-firmware/*'
	'packaging/*'
	'scripts/*'
	'selftests/*.[ch]'
	selftests/Makefile
	'selftests/nic_*.sh'
	'testbed/*'
)

gate_phrases() { /usr/bin/python3 scripts/lint/phrases.py "${PLAIN[@]}"; }

# A process each: set -e does not work inside a condition. Most have one thread.
if [[ ${1:-} == --gate ]]; then
	touch "$3/$2.failed"
	"gate_$2" >"$3/$2" 2>&1 </dev/null
	rm "$3/$2.failed"
	exit
fi

(($#)) || set -- "${GATES[@]}"
for gate in "$@"; do
	[[ $(type -t "gate_$gate") == function ]] ||
		die "there is no gate $gate; there are: ${GATES[*]}"
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
printf '%s\n' "$@" | xargs -P "$(nproc)" -I GATE "$0" --gate GATE "$dir" || true
echo "1..$#"
n=0 bad=0
for gate in "$@"; do
	n=$((n + 1))
	if [[ -e $dir/$gate && ! -e $dir/$gate.failed ]]; then
		echo "ok $n - ${gate//_/ }"
	else
		bad=1
		sed -e 's/^/# /' -e "\$a\\" "$dir/$gate"
		echo "not ok $n - ${gate//_/ }"
	fi
done
exit "$bad"
