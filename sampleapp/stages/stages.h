/*
 * stages.h - the stages by name, for their table only.
 */
#ifndef SAMPLEAPP_STAGES_H
#define SAMPLEAPP_STAGES_H

#include "auth.h"

extern const struct auth_stage stage0_initial;
extern const struct auth_stage stage1_typed;
extern const struct auth_stage stage2_pointers;
extern const struct auth_stage stage3_fields;
extern const struct auth_stage stage4_borrow;
extern const struct auth_stage stage5_pool;
extern const struct auth_stage stage6_spans;

#endif
