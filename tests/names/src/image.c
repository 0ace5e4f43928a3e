/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr.h: "Strings that are known when the image is built lie in read-only memory and cost
 * no RAM"; "equal ones, in one file or in several, have one id".
 */

#include <string.h>

#include <zephyr/linker/linker-defs.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "elsewhere.h"
#include "heap.h"

MICRORT_QSTR_DEFINE(two_files, "in two files");
MICRORT_QSTR_DEFINE(once_more, "in two files");
MICRORT_QSTR_DEFINE(empty, "");
MICRORT_QSTR_DEFINE(any_bytes, "caf\xc3\xa9\0\xff");

#define FIFTY   "12345678901234567890123456789012345678901234567890"
#define LONGEST FIFTY FIFTY FIFTY FIFTY FIFTY "12345"

MICRORT_QSTR_DEFINE(longest, LONGEST);

/* All of the image. */
static const struct {
	const char *text;
	size_t length;
} strings[] = {
	{"in two files", 12}, {"only elsewhere", 14}, {"", 0},
	{"caf\xc3\xa9\0\xff", 7}, {LONGEST, 255}, {"at PRE_KERNEL_1", 15},
	{"costs no RAM", 12}, {"whatever the heap is like", 25}, {"not in the report", 17},
};

ZTEST_SUITE(image, NULL, NULL, NULL, heap_after, NULL);

static int find(const char *text)
{
	return micrort_qstr_find_strn(text, strlen(text));
}

ZTEST(image, test_one_id_in_two_files)
{
	int id = find("in two files");

	zassert_true(id > 0);
	zassert_equal(MICRORT_QSTR("in two files"), id);
	zassert_equal(id_elsewhere(), id);
	zassert_equal(micrort_qstr_from_str("in two files"), id);
	zassert_equal(micrort_qstr_len(id), 12);
	zassert_str_equal(micrort_qstr_str(id), "in two files");
}

ZTEST(image, test_every_entry_is_found)
{
	ARRAY_FOR_EACH(strings, i) {
		int id = micrort_qstr_find_strn(strings[i].text, strings[i].length);

		zassert_true(id > 0, "%s", strings[i].text);
		zassert_equal(micrort_qstr_len(id), (int)strings[i].length);
		zassert_mem_equal(micrort_qstr_str(id), strings[i].text, strings[i].length + 1);
	}
	STRUCT_SECTION_FOREACH(micrort_qstr, entry) {
		zassert_true(micrort_qstr_find_strn(entry->text, entry->length) > 0);
	}
	zassert_equal(find("only elsewher"), -ENOENT);
	zassert_equal(find("only elsewhere "), -ENOENT);
}

/** The numbers of the second and of further equal entries were never given. */
ZTEST(image, test_one_id_for_each_string_of_the_image)
{
	int entries;
	int given = 0;

	STRUCT_SECTION_COUNT(micrort_qstr, &entries);
	for (int id = 1; id <= entries; id++) {
		const char *text = micrort_qstr_str(id);

		zassert_equal(text == NULL, micrort_qstr_len(id) == -ENOENT);
		if (text != NULL) {
			given++;
			zassert_equal(micrort_qstr_find_strn(text, micrort_qstr_len(id)), id);
		}
	}
	zassert_equal(given, ARRAY_SIZE(strings));
	zassert_true(given < entries);
}

ZTEST(image, test_no_ram)
{
	size_t used = heap_used();
	struct micrort_qstr_stats before;
	struct micrort_qstr_stats after;
	int id;

	micrort_qstr_stats_get(&before);
	id = MICRORT_QSTR("costs no RAM");
	zassert_equal(micrort_qstr_from_str("costs no RAM"), id);
	zassert_equal(micrort_qstr_from_strn(LONGEST, 255), find(LONGEST));
	micrort_qstr_stats_get(&after);
	zassert_mem_equal(&before, &after, sizeof(before));
	zassert_equal(heap_used(), used);
#ifdef CONFIG_ARM
	STRUCT_SECTION_FOREACH(micrort_qstr, entry) {
		zassert_true((char *)entry < (char *)__rom_region_end);
		zassert_true(entry->text < (char *)__rom_region_end);
	}
	zassert_true(micrort_qstr_str(id) < (char *)__rom_region_end);
#endif
}
