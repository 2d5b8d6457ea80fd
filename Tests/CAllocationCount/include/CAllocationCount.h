/// The number of allocations of this thread so far.
unsigned long vigie_allocation_count(void);
