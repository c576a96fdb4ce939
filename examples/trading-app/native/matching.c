#include <stddef.h>
#include <stdint.h>

/* What it costs to take a quantity from these levels; *filled is how much of it they hold. */
int64_t sweep_cost(const int64_t *prices, const int64_t *held, size_t levels, int64_t quantity,
                   int64_t *filled)
{
    int64_t cost = 0;
    int64_t left = quantity;

    for (size_t level = 0; level < levels && left > 0; level++) {
        int64_t taken = held[level] < left ? held[level] : left;
        cost += prices[level] * taken;
        left -= taken;
    }
    *filled = quantity - left;
    return cost;
}
