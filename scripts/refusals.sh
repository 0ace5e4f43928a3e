#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds that must stop, or warn, each with the message that tells the user what to do. Prints a line
# "ok - NAME" or "not ok - NAME" for each; the log of one that failed follows it.
#   scripts/refusals.sh            all of them
#   scripts/refusals.sh --again    on a further Zephyr: without those to which it is the same what Zephyr it is
#
# Zephyr's Kconfig stops for a value out of range, and only warns of an option whose dependency is
# not there; it names both.

# shellcheck disable=SC2317 # functions that are called by their names

set -euo pipefail

# shellcheck source=scripts/zephyr.sh
source "$(dirname "${BASH_SOURCE[0]}")/zephyr.sh"

again=''
case ${1:-} in
'') ;;
--again) again=1 ;;
*) die "usage: scripts/refusals.sh [--again]" ;;
esac

find_zephyr || die "$ZEPHYR_WHY"
setup_zephyr || exit 1
real_zephyr=$ZEPHYR_BASE

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Folders of the cases, in their order.
cases=()

mkdir -p "$work/app/src"
cat >"$work/app/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.20.0)
find_package(Zephyr REQUIRED HINTS $ENV{ZEPHYR_BASE})
project(refusal)
file(GLOB sources src/*.c)
target_sources(app PRIVATE ${sources})
EOF
echo 'CONFIG_MICRORT=y' >"$work/app/prj.conf"

# The base of the cases: a board that needs no module and no emulator.
reset() {
	board=native_sim/native/64
	environment=()
	arguments=()
	: >"$work/app/extra.conf"
	: >"$work/app/app.overlay"
	rm -f "$work"/app/src/*
	source_file main 'int main(void) { return 0; }'
}

# source_file NAME TEXT: a source of the application.
source_file() {
	printf '#include <micrort/micrort.h>\n%s\n' "$2" >"$work/app/src/$1.c"
}

# A shell on the pass-through device, whose real UART can do everything.
shell_on_kbd_uart() {
	cat >"$work/app/app.overlay" <<'EOF'
/ {
	chosen {
		zephyr,shell-uart = &kbd_uart;
	};

	real_uart: real-uart {
		compatible = "zephyr,uart-emul";
		current-speed = <115200>;
	};

	kbd_uart: kbd-uart {
		compatible = "micrort,kbd-uart";
		uart = <&real_uart>;
	};
};
EOF
	printf 'CONFIG_%s\n' SHELL=y UART_EMUL=y EMUL=y SERIAL=y "$@" >"$work/app/extra.conf"
}

config() {
	printf 'CONFIG_%s\n' "$@" >"$work/app/extra.conf"
}

configure() {
	env "${environment[@]}" cmake -GNinja -S "$work/app" -B "$work/build" -DBOARD="$board" \
		-DEXTRA_ZEPHYR_MODULES="$MICRORT_DIR" -DEXTRA_CONF_FILE="$work/app/extra.conf" \
		"${arguments[@]}"
}

# build TARGET: of the application.
build() {
	configure && cmake --build "$work/build" --target "$1"
}

# link_rust_app [FOLDER]: the application in Rust of that folder of tests/.
link_rust_app() {
	cmake -GNinja -S "$MICRORT_DIR/tests/${1:-rust_app}" -B "$work/build" -DBOARD="$board" \
		-DEXTRA_ZEPHYR_MODULES="$MICRORT_DIR" "${arguments[@]}" && cmake --build "$work/build"
}

# The file alone, as no compiler of the host's lacks the storage.
require_for_armclang() {
	cmake -DKERNEL_VERSION_MAJOR=3 -DKERNEL_VERSION_MINOR=7 -DARCH=arm \
		-DZEPHYR_TOOLCHAIN_VARIANT=armclang -P "$MICRORT_DIR/cmake/requirements.cmake"
}

unknown_vendors() {
	local said

	said=$(configure 2>&1) && echo "unknown vendors: $(grep -c "unknown vendor prefix" <<<"$said" || true)"
}

# Path of the bindgen program that a build of the module in $1 runs.
bindgen_of() {
	rm -rf "$work/build"
	MICRORT_DIR=$1 configure >/dev/null && grep -m 1 -o "[^ ]*zephyr-sys-bindgen" "$work/build/build.ninja"
}

copy_module() {
	mkdir "$1"
	cp -r "$MICRORT_DIR"/{Cargo.*,CMakeLists.txt,Kconfig,cmake,dts,glue,include,src,zephyr,zephyr-sys} "$1/"
}

bindgen_of_two_checkouts() {
	local other=$work/other first second

	copy_module "$other"
	echo "// Another." >>"$other/zephyr-sys/bindgen/src/main.rs"
	first=$(bindgen_of "$MICRORT_DIR") && second=$(bindgen_of "$other") &&
		[[ $first != "$second" ]] && echo "different: $first, $second"
}

# Makes $tree for the next case: links to the real Zephyr, and copies of what the cases change.
changed_tree() {
	local part

	tree=$(mktemp -d -p "$work" tree.XXXX)
	ln -s "$real_zephyr"/* "$tree/"
	for part in VERSION include kernel lib; do
		rm "$tree/$part"
		cp -r "$real_zephyr/$part" "$tree/"
	done
	environment=(ZEPHYR_BASE="$tree")
	# It lies in no workspace, where EXTRA_ZEPHYR_MODULES is not looked at.
	arguments=(-DZEPHYR_MODULES="$MICRORT_DIR")
}

# Builds the library of the module in $1, with the options that follow, and counts what the cache has then.
archives_after() {
	local module=$1

	shift
	config "$@"
	rm -rf "$work/build"
	MICRORT_DIR=$module build micrort >/dev/null && find "$work/archives" -name "*.a" | wc -l
}

archives_of_configurations() {
	local other=$work/other first alike changed
	local options=(MICRORT_SCHEDULE_DEPTH=4 MICRORT_SCHEDULE_SECOND_ARGUMENT=y MICRORT_SCHEDULE_TIMING=y
		MICRORT_EXECUTOR_POLL=y MICRORT_HEAP_ARENA=y MICRORT_HEAP_LOCK_SYSTEM=y MICRORT_HEAP_LOCK_ISR=y
		MICRORT_EXCEPTION_QUEUE_FULL=y MICRORT_KBD_INTR_CHAR=-1 MICRORT_OPT_LEVEL=3 MICRORT_CONST=n
		MICRORT_MEM_INFO=n MICRORT_QSTR=n MICRORT_STACK_USE=n ASSERT=y DEBUG_OPTIMIZATIONS=y)

	arguments+=(-DMICRORT_ARCHIVE_DIR="$work/archives")
	copy_module "$other"
	echo "// Another." >>"$other/src/lib.rs"
	first=$(archives_after "$MICRORT_DIR" MICRORT_INIT_PRIORITY=61) &&
		alike=$(archives_after "$MICRORT_DIR" "${options[@]}") &&
		changed=$(archives_after "$other" MICRORT_INIT_PRIORITY=61) &&
		echo "archives: $first $alike $changed"
}

# Builds an image without Rust, with the library of a build before, of another configuration.
link_prebuilt() {
	config MICRORT_SCHEDULE_DEPTH=2 &&
		build micrort &&
		mkdir "$work/app/lib" &&
		cp "$work/build/modules/micrort/lib"/*/libmicrort.{a,json} "$work/app/lib/" &&
		rm -rf "$work/build" &&
		config 'MICRORT_PREBUILT_PATH="lib"' MICRORT_EXECUTOR_POLL=y &&
		environment=(CARGO_HOME=/nonexistent HOME=/nonexistent "$path_without_rust") &&
		build all
}

# The library as bindgen and cargo's registry give it, and without either.
libraries_alike() {
	local made

	arguments+=(-DMICRORT_ARCHIVE_DIR="$work/archives")
	made=$work/build/modules/micrort/lib/x86_64-unknown-none/libmicrort.a
	build micrort && cp "$made" "$work/first.a" && rm -rf "$work/build" "$work/archives" &&
		(cd "$MICRORT_DIR" && cargo vendor --quiet --locked --versioned-dirs "$work/crates" >/dev/null) &&
		environment=(LIBCLANG_PATH=/nonexistent CARGO_HOME="$work/empty" MICRORT_VENDOR_DIR="$work/crates") &&
		build micrort && cmp "$made" "$work/first.a" && echo "the same library"
}

# expect NAME STOPS REGEX COMMAND...: the command fails if STOPS is 1, works if it is 0, and says REGEX,
# in words that CMake and Kconfig may have wrapped. As many cases run at once as there are cores.
expect() {
	local folder

	folder=$(mktemp -d -p "$work" case.XXXX)
	cases+=("$folder")
	cp -r "$work/app" "$folder/"
	while (($(jobs -rp | wc -l) >= $(nproc))); do
		wait -n || true
	done
	(work=$folder && expect_now "$@") >"$folder/result" &
	reset
}

expect_now() {
	local name=$1 stops=$2 regex=$3 said="" stopped=0

	said=$("${@:4}" 2>&1 </dev/null) || stopped=1
	if ((stopped == stops)) && tr -s '[:space:]' ' ' <<<"$said" | grep -Eq "$regex"; then
		echo "ok - $name"
	else
		echo "not ok - $name"
		printf 'stopped: %s, looked for: %s\n%s\n' "$stopped" "$regex" "$said" | tail -n 40 | sed 's/^/    /'
	fi
	rm -rf "$work/build"
}

# Prints what the cases have found; fails if one has failed, or has found nothing.
results() {
	local folder failed=0

	wait
	for folder in "${cases[@]}"; do
		cat "$folder/result"
		[[ $(head -n 1 "$folder/result") == ok* ]] || failed=1
	done

	return "$failed"
}

# refused NAME REGEX [COMMAND...]
refused() {
	(($# > 2)) || set -- "$@" build micrort
	expect "$1" 1 "${@:2}"
}

warned() {
	expect "$1" 0 "$2" configure
}

# once COMMAND...: a case to which it is the same what Zephyr it is.
once() {
	if [[ $again ]]; then
		reset
	else
		"$@"
	fi
}

use_toolchain host
reset

board=native_sim
once refused "a CPU without a Rust target" "micrort has no Rust target for the CPU of the board 'native_sim'"

changed_tree
sed -i 's/^VERSION_MAJOR.*/VERSION_MAJOR = 3/; s/^VERSION_MINOR.*/VERSION_MINOR = 6/' "$tree/VERSION"
refused "a Zephyr that is too old" "micrort needs Zephyr 3\.7 or later; this is Zephyr 3\.6"

refused "a toolchain without thread-local storage" "needs thread-local storage, .* for arm .* armclang" require_for_armclang

# Not by an empty PATH: CMake and the compiler must be found.
without_rust="a machine without Rust"
if [[ -e $(dirname "$(command -v cmake)")/cargo ]]; then
	echo "ok - $without_rust # SKIP cargo and cmake lie in one folder"
else
	path_without_rust=PATH="$(tr : '\n' <<<"$PATH" |
		while read -r dir; do [[ -e $dir/cargo ]] || printf '%s:' "$dir"; done)"
	environment=(CARGO_HOME=/nonexistent HOME=/nonexistent "$path_without_rust")
	board=qemu_x86_64
	once refused "$without_rust" "micrort needs Rust: install it .* Or take a library .* for x86_64-unknown-none"
	board=qemu_x86_64
	expect "$without_rust, but with a library" 0 "Generating files from .*zephyr.elf" link_prebuilt
fi

# prebuilt MEMBER VALUE: a library that was built before, of which the manifest says that.
prebuilt() {
	mkdir -p "$work/app/lib"
	echo >"$work/app/lib/libmicrort.a"
	printf '{"library": "x86_64-unknown-none", "version": "0.1.0", "abi": 1, "sha256": "0"}\n' |
		sed "s/\"$1\": [^,}]*/\"$1\": \"$2\"/" >"$work/app/lib/libmicrort.json"
	config 'MICRORT_PREBUILT_PATH="lib"'
	board=qemu_x86_64
}

prebuilt library thumbv7em-none-eabihf
once refused "a library for another CPU" \
	"is for thumbv7em-none-eabihf; the CPU and the float ABI of this build need x86_64-unknown-none" configure
prebuilt version 0.0.9
once refused "a library of another release" "is of version 0.0.9 \(ABI 1\), this module of 0.1.0" configure
prebuilt abi 99
once refused "a library with another interface" "\(ABI 99\), this module of 0.1.0" configure
prebuilt sha256 1
once refused "a library that is damaged" "libmicrort.a is damaged" configure
prebuilt none none
rm "$work/app/lib/libmicrort.json"
once refused "a library without its manifest" "libmicrort.json is missing" configure
rm -r "$work/app/lib"

mkdir -p "$work/bin"
printf '#!/bin/sh\necho %s\n' "$work/nowhere" >"$work/bin/rustc"
chmod +x "$work/bin/rustc"
arguments=(-DRUSTC="$work/bin/rustc")
once refused "a Rust without the target and without its source" "no core library for .* rustup target add .* rustup component add rust-src"

board=qemu_x86_64
once expect "a machine without libclang and with crates in a folder" 0 "the same library" libraries_alike

arguments=(-DMICRORT_VENDOR_DIR=nowhere)
once refused "crates in a folder that is not there" "MICRORT_VENDOR_DIR: .* 'cargo vendor --versioned-dirs FOLDER' in .* makes one"

arguments=(-DMICRORT_ARCHIVE_DIR=/dev/null/archives)
once refused "libraries in a folder that cannot be written" "MICRORT_ARCHIVE_DIR: cannot write in the folder"

board=qemu_x86_64
source_file errno "#include <errno.h>
#undef ENOTSUP
#define ENOTSUP 45
#define MICRORT_ERRNO_OF_BINDINGS 1
#include \"$MICRORT_DIR/glue/port.c\""
arguments=("-DEXTRA_CFLAGS=-I$MICRORT_DIR/glue")
once refused "bindings with the error numbers of another C library" "This C library has other error numbers than micrort" build app

config MICRORT_SCHEDULE_DEPTH=0
once refused "a queue without slots" "MICRORT_SCHEDULE_DEPTH .*Aborting due to Kconfig warnings"

config MICRORT_SCHEDULE_DEPTH=1025
once refused "a queue of more than 1024 slots" "MICRORT_SCHEDULE_DEPTH .*Aborting due to Kconfig warnings"

config MICRORT_EXECUTOR_SYSTEM=y MICRORT_EXECUTOR_STACK_SIZE=1024
once warned "a stack for the system work queue" "warning: MICRORT_EXECUTOR_STACK_SIZE .* unsatisfied dependencies: \(MICRORT_EXECUTOR_WORK_QUEUE \|\| MICRORT_EXECUTOR_THREAD\)"

config MICRORT_EXECUTOR_POLL=y MICRORT_EXECUTOR_PRIORITY=1
once warned "a priority for the poll executor" "warning: MICRORT_EXECUTOR_PRIORITY .* unsatisfied dependencies: \(MICRORT_EXECUTOR_WORK_QUEUE \|\| MICRORT_EXECUTOR_THREAD\)"

config MICRORT_HEAP_ARENA_SIZE=4096
once warned "a size for an arena that is not there" "warning: MICRORT_HEAP_ARENA_SIZE .* unsatisfied dependencies: MICRORT_HEAP_ARENA"

config MICRORT_HEAP_LOCK=n MICRORT_HEAP_LOCK_SYSTEM=y
once warned "a scope for a heap lock that is not there" "choice symbol MICRORT_HEAP_LOCK_SYSTEM .* no symbol ended up"

config MICRORT_HEAP_LOCK_LIBC_HEAP=y
once warned "a lock on the heap of the host's C library" "warning: MICRORT_HEAP_LOCK_LIBC_HEAP .* unsatisfied dependencies: \(!NATIVE_LIBC\)"

config MICRORT_KBD_INTR_CHAR=256
once refused "an interrupt character of more than a byte" "MICRORT_KBD_INTR_CHAR .*Aborting due to Kconfig warnings"

config MICRORT_KBD_UART=y
warned "a pass-through device that the devicetree lacks" "warning: MICRORT_KBD_UART .* unsatisfied dependencies: DT_HAS_MICRORT_KBD_UART_ENABLED"

shell_on_kbd_uart SHELL_BACKEND_SERIAL_API_ASYNC=y UART_ASYNC_API=y
refused "a shell that wants the asynchronous API" "micrort,kbd-uart has no asynchronous API"

shell_on_kbd_uart MICRORT_KBD_UART_INIT_PRIORITY=49
refused "a pass-through device before its UART" "MICRORT_KBD_UART_INIT_PRIORITY must be greater than"

shell_on_kbd_uart MICRORT_KBD_UART=n
refused "a shell on a device whose driver is left out" "set CONFIG_MICRORT_KBD_UART=y"

shell_on_kbd_uart
expect "the vendor of the bindings is known" 0 "unknown vendors: 0" unknown_vendors

# The pass-through device with Zephyr 4.5's uart_irq_update(), which returns nothing.
shell_on_kbd_uart
source_file void_update "#include <zephyr/drivers/uart.h>
#pragma GCC diagnostic ignored \"-Wincompatible-pointer-types\"
#define uart_irq_update(dev) ((void)uart_irq_update(dev))
#include \"$MICRORT_DIR/glue/kbd_uart.c\""
expect "a uart_irq_update() that returns nothing" 0 "Linking C static library app/libapp.a" build app

# What Zephyr 4.5 moves: threads' functions to thread.c, what a thread waits by to scheduler.h.
changed_tree
arguments+=(-DEXTRA_CFLAGS=-Werror=implicit-function-declaration)
board=qemu_x86_64
mapfile -t waiting < <(cd "$real_zephyr" && grep -rlE "z_sched_(wait|wake|wake_all)\\(" --include=*.c kernel lib)
(cd "$tree" && sed -i '1i #include <scheduler.h>' "${waiting[@]}")
grep -v "^LOG_MODULE_DECLARE" "$tree/kernel/sched.c" >>"$tree/kernel/thread.c"
: >"$tree/kernel/sched.c"
sed -i -E 's/\bz_sched_(wait|wake|wake_all)\(/moved_&/' "$tree/kernel/include/ksched.h"
cat >"$tree/kernel/include/scheduler.h" <<'EOF'
#include <zephyr/kernel.h>
bool z_sched_wake(_wait_q_t *wait_q, int swap_retval, void *swap_data);
int z_sched_wait(struct k_spinlock *lock, k_spinlock_key_t key, _wait_q_t *wait_q,
		 k_timeout_t timeout, void **data);
static inline bool z_sched_wake_all(_wait_q_t *wait_q, int swap_retval, void *swap_data)
{
	return z_sched_wake(wait_q, swap_retval, swap_data) &&
	       (z_sched_wake_all(wait_q, swap_retval, swap_data) || true);
}
EOF
expect "threads' functions in thread.c, waiting in scheduler.h" 0 "Linking C executable zephyr/zephyr.elf" build all

changed_tree
board=qemu_x86_64
mv "$tree/kernel/sched.c" "$tree/kernel/elsewhere.c"
echo '#include "elsewhere.c"' >"$tree/kernel/sched.c"
refused "the end of threads in a file that is not intercepted" "z_impl_k_thread_abort\(\) of this image is not micrort's" build all

# Zephyr's mutexes are to be in a list of their owner's.
changed_tree
sed -i '/^struct k_mutex {/a sys_dnode_t held;' "$tree/include/zephyr/kernel.h"
config MICRORT_EXECUTOR_POLL=y
refused "the poll executor with another k_mutex" "MICRORT_EXECUTOR_POLL cannot take a mutex of this Zephyr"

# No board of the host's has an NVIC.
IFS=$'\t' read -r kind variant reason < <(python3 "$MICRORT_DIR/scripts/matrix.py" boards --quick)
gcc=$(command -v arm-none-eabi-gcc || true)
for line in -1 4095; do
	if [[ $kind == run ]]; then
		board=qemu_cortex_m3
		environment=(ZEPHYR_TOOLCHAIN_VARIANT="$variant" GNUARMEMB_TOOLCHAIN_PATH="${gcc%/bin/*}")
		config MICRORT_EXECUTOR_INTERRUPT=y "MICRORT_EXECUTOR_IRQ=$line"
		once refused "line $line for the executor's interrupt" "CONFIG_MICRORT_EXECUTOR_IRQ must be a line of the NVIC"
	else
		echo "ok - line $line for the executor's interrupt # SKIP no $variant: $reason"
	fi
done

# A Cortex-M with USE_SWITCH, which Zephyr 4.4 brings: a CPU with it, taken for one.
board=qemu_x86_64
mkdir "$work/stubs"
echo 'static inline uintptr_t __get_PSP(void) { return 0; }' >"$work/stubs/cmsis_core.h"
arguments=("-DEXTRA_CFLAGS=-I$work/stubs")
source_file switch "#include <zephyr/kernel.h>
#define CONFIG_CPU_CORTEX_M 1
#include \"$MICRORT_DIR/glue/stack.c\""
expect "the stack of a Cortex-M thread with USE_SWITCH" 0 "Linking C static library app/libapp.a" build app

# A library for another version of glue/port.h than the C beside it.
copy_module "$work/other_abi"
sed -i 's/MICRORT_PORT_ABI 1/MICRORT_PORT_ABI 2/' "$work/other_abi/glue/port.h"
sed -i 's/MICRORT_PORT_ABI == 1/MICRORT_PORT_ABI == 2/' "$work/other_abi/src/ffi/glue.rs"
MICRORT_DIR=$work/other_abi once refused "a library of another version" \
	"the Rust library of this image is not of version 2" build all

once expect "checkouts with different bindgen programs build one each" 0 "different" bindgen_of_two_checkouts

once expect "all configurations share an archive" 0 "archives: 1 1 2" archives_of_configurations

source_file main 'MICRORT_CONST(TWICE, 1); int main(void) { return TWICE; }'
source_file other 'MICRORT_CONST_STR(TWICE, "1");'
once refused "two constants of one name" "multiple definition of .?micrort_const_TWICE" build all

arguments=(-DEXTRA_CFLAGS=-DCONSTANT_TWICE)
once refused "a constant in C and one in Rust of one name" "multiple definition of .?micrort_const_FROM_RUST" link_rust_app

arguments=(-DCONFIG_MICRORT_EXECUTOR_POLL=y)
once refused "async tasks where each thread polls" "the feature embassy needs one thread" link_rust_app embassy

source_file main 'int one(void); MICRORT_CONST(NOT_CONSTANT, one()); int main(void) { return 0; }'
once refused "a constant that is none" "NOT_CONSTANT.? is not an integer constant" build app

too_long=$(printf '"%256s"')
source_file main "MICRORT_QSTR_DEFINE(too_long, $too_long); int main(void) { return 0; }"
once refused "an interned string of more than 255 bytes" "string too long: too_long" build app

source_file main "int main(void) { return MICRORT_QSTR($too_long); }"
once refused "an id for a string of more than 255 bytes" "string too long" build app

config MICRORT_HEAP_LOCKED=n
source_file main 'int main(void) { return micrort_heap_locked(); }'
once refused "micrort_heap_locked() where it is switched off" "poisoned .?micrort_heap_locked" build app

config MICRORT_QSTR=n
source_file main "MICRORT_QSTR_DEFINE(too_long, $too_long); int main(void) { return 0; }"
once refused "a string too long where interned strings are off" "string too long: too_long" build app

# What lies in a section of the image that an extension does not have.
for macro in "MICRORT_QSTR_DEFINE(it, \"it\")" "MICRORT_CONST(IT, 1)" "MICRORT_HEAP_LOCK_REGISTER(it)"; do
	source_file main "$macro; int main(void) { return 0; }"
	arguments=(-DEXTRA_CFLAGS=-DLL_EXTENSION_BUILD)
	once refused "${macro%%(*} in an extension" "an extension" build app
done

results
