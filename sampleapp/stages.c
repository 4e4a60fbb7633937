/*
 * stages.c - the table of the seven stages.
 */
#include "stages/stages.h"

const struct auth_stage *const auth_stages[AUTH_STAGE_COUNT] = {
    &stage0_initial, &stage1_typed, &stage2_pointers, &stage3_fields,
    &stage4_borrow,  &stage5_pool,  &stage6_spans,
};
