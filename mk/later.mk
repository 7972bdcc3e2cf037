# SPDX-License-Identifier: GPL-2.0-only
#
# Targets whose system does not exist yet. They keep their names and fail.

not-built-yet = @echo "$@: not built yet: needs $(1)" >&2; exit 1

##@ Not built yet (these fail and say what they need)
.PHONY: bench
bench: ## not built yet: the paper's tables and figures
	$(call not-built-yet,runs with many guests; make compare, bench-trap and bench-firmware measure parts)
