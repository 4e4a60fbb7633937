/*
 * shapes.h - what the two files of shapes share: code that is inlined from a
 * header.
 */
#ifndef SHAPES_H
#define SHAPES_H

static inline __attribute__((always_inline)) int shapes_clamp(int value)
{
    if (value > 1000)
        value -= value / 3;
    return value < 0 ? -value : value;
}

int shapes_far(int depth, int value);

#endif
