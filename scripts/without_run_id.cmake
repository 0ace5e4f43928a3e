# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# The number that twister draws for each build stands in every line of the compiler, and ccache would have to
# preprocess each file to know it again. It tells new output from old where a board was flashed before.

unset(TC_RUNID CACHE)
