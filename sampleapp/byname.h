/*
 * byname.h - settings and claims found by name at run time.
 *
 * What stages 0 to 2 use in place of struct members. Every answer is a copy
 * that the caller frees; NULL stands for "none" and for "no memory" alike.
 */
#ifndef SAMPLEAPP_BYNAME_H
#define SAMPLEAPP_BYNAME_H

#include "auth.h"

#include <cjson/cJSON.h>

/* A deep copy, to be freed with byname_config_free. */
struct auth_config *byname_config_copy(const struct auth_config *config);

/* Accepts NULL. Only for what byname_config_copy returned. */
void byname_config_free(struct auth_config *config);

/* The setting of that name. */
char *byname_config(const struct auth_config *config, const char *name);

/* The claim at that path ("a.b" is b within a) as text, if it is of the
 * wanted type, cJSON_String or cJSON_Number, and not longer than claims are
 * allowed to be (claims.h). */
char *byname_claim(const cJSON *tree, const char *path, int type);

#endif
