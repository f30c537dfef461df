#pragma once

#include <stddef.h>
#include <stdint.h>

// libFuzzer, used as a library: runs `test` with mutated inputs as its arguments say.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
