int arena_count(void);
