#include "engine/engine.h"

extern const struct engine ptrace_engine;

const struct engine *const engines[] = { &ptrace_engine, NULL };
