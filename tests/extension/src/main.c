/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The API in an image with CONFIG_LLEXT: all of it is exported, and works from an extension.
 */

#include <zephyr/llext/buf_loader.h>
#include <zephyr/llext/llext.h>
#include <zephyr/llext/symbol.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

ZTEST_SUITE(extension, NULL, NULL, NULL, NULL, NULL);

static const char *const functions[] = {
#define FUNCTION(_name) #_name,
#include "functions.inc"
#undef FUNCTION
};

ZTEST(extension, test_all_functions_are_exported)
{
	ARRAY_FOR_EACH_PTR(functions, name) {
		zassert_not_null(llext_find_sym(NULL, *name), "%s", *name);
	}
	zassert_true(ARRAY_SIZE(functions) > 60, "only %zu", ARRAY_SIZE(functions));
}

/* Zephyr's own stand-ins for system calls must not replace what they stand for. */
ZTEST(extension, test_sleep_is_in_the_image)
{
	zassert_ok(micrort_sleep(K_MSEC(1)));
}

static uint8_t elf[] __aligned(8) = {
#include "extension.inc"
};

ZTEST(extension, test_called_from_an_extension)
{
	struct llext_buf_loader loader = LLEXT_BUF_LOADER(elf, sizeof(elf));
	struct llext_load_param param = LLEXT_LOAD_PARAM_DEFAULT;
	struct llext *ext = NULL;
	void (*start)(int *ret);
	int ret = -1;

	zassert_ok(llext_load(&loader.loader, "extension", &ext, &param));
	start = llext_find_sym(&ext->exp_tab, "start");
	zassert_not_null(start);
	start(&ret);
	zassert_ok(ret, "part %d", ret);
	zassert_ok(micrort_flush());
	zassert_ok(llext_unload(&ext));
}
