/* The second file of shapes: another unit with the same inlined header. */
#include "../programs/./shapes.h"

static int twice(int value)
{
    return shapes_clamp(value) + shapes_clamp(-value);
}

int shapes_far(int depth, int value)
{
    if (depth <= 0)
        return twice(value);
    return shapes_far(depth - 1, value) ^ twice(depth);
}
