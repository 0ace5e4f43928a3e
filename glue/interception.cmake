# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# What micrort stands in front of, so that nothing gets by (docs/architecture.md, "Interception").

include(${CMAKE_CURRENT_LIST_DIR}/../cmake/intercept.cmake)

zephyr_library_compile_options(${not_lto})

# The ends of threads.
if(CONFIG_ARM)
  micrort_intercept(arch/arm/core/cortex_m/thread_abort.c z_impl_k_thread_abort)
elseif(CONFIG_ARCH_POSIX)
  micrort_intercept(arch/posix/core/thread.c z_impl_k_thread_abort)
endif()
# sched.c until 4.4, thread.c since.
foreach(file kernel/sched.c kernel/thread.c)
  micrort_intercept(${file} z_impl_k_thread_abort)
  if(CONFIG_USERSPACE)
    micrort_intercept(${file} z_mrsh_k_thread_abort k_thread_user_mode_enter)
  endif()
endforeach()

# Who runs a command of a shell that is not its thread.
if(CONFIG_SHELL_BACKEND_SERIAL AND CONFIG_MICRORT_KBD_UART)
  micrort_intercept(subsys/shell/shell.c shell_execute_cmd)
endif()

# All ways to a block of a k_heap. heap_lock_kernel.c is of the kernel's archive, so that it is in an
# image only with what it stands in front of.
if(CONFIG_MICRORT_HEAP_LOCK)
  micrort_intercept(kernel/kheap.c k_heap_alloc k_heap_aligned_alloc k_heap_calloc k_heap_realloc)
  micrort_intercept(kernel/mempool.c k_realloc z_thread_malloc z_thread_aligned_alloc)
  if(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP)
    micrort_intercept(kernel/mempool.c k_malloc k_calloc k_aligned_alloc)
  endif()
  micrort_add_to_kernel(heap_lock_kernel.c)
endif()

# All ways to a block of the C library's heap: Zephyr's own, or that of a library which was built before.
if(CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP)
  if(CONFIG_COMMON_LIBC_MALLOC)
    micrort_intercept(lib/libc/common/source/stdlib/malloc.c
      malloc calloc realloc reallocarray aligned_alloc memalign)
    zephyr_library_sources(heap_lock_libc.c)
    zephyr_library_sources_ifdef(CONFIG_GLIBCXX_LIBCPP heap_lock_memalign.c)
  else()
    micrort_wrap(malloc calloc realloc reallocarray aligned_alloc memalign)
    if(CONFIG_NEWLIB_LIBC)
      # What newlib's own functions call.
      micrort_wrap(_malloc_r _calloc_r _realloc_r _memalign_r)
    endif()
    micrort_add_on_demand(heap_lock_libc.c heap_lock_memalign.c)
  endif()
endif()
