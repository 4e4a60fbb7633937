/*
 * A shopping basket adds up its prices. A function says in its type what it
 * gives back, so the value needs no box: it is returned in a register.
 */
#include <stdio.h>

enum { BASKETS = 20, ITEMS = 4 };

static long price_of(int basket, int item)
{
    return 100 * item + basket;
}

static long count_of(int basket, int item)
{
    return 1 + (basket + item) % 3;
}

/* The operation: it allocates nothing. */
static long basket_total(int basket)
{
    long total = 0;

    for (int item = 0; item < ITEMS; item++)
        total += price_of(basket, item) * count_of(basket, item);
    return total;
}

int main(void)
{
    static char out[BUFSIZ]; /* else stdio would allocate one */

    setvbuf(stdout, out, _IOFBF, sizeof(out));
    for (int basket = 0; basket < BASKETS; basket++)
        printf("basket %d: %ld cents\n", basket, basket_total(basket));
    return 0;
}
