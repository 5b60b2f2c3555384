/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <apr_hash.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <http_config.h>

#include <stdatomic.h>

/* In the process's retained data: the board of the configuration now in force. */
#define RETAINED_KEY "mod_os_balancer: board"

/* Changes with the layout of anything below: a board that an older module left behind, when the
 * module was replaced under a graceful restart, is not read. */
#define LAYOUT 1

#define KEY_MAX 640

struct osb_slot {
    char key[KEY_MAX];        /* server, balancer and member; "" while free */
    _Atomic uint32_t edition; /* odd while the record is being written */
    struct osb_record record;
};

struct memory {
    uint32_t layout;      /* LAYOUT */
    uint32_t slot_size;   /* sizeof(struct osb_slot), which guards the layout too */
    uint32_t capacity;    /* of slots */
    _Atomic bool retired; /* a newer configuration has taken over */
    struct osb_lease lease;
    struct osb_slot slots[];
};

/* Plain data of the parent, for it must outlive the module's own code. */
struct retained {
    apr_shm_t *shm;
};

struct osb_board {
    struct memory *memory;
    uint32_t claimed;      /* slots given out so far, from the first */
    apr_shm_t *before_shm; /* the memory of the board before this one, or NULL */
    apr_hash_t *before;    /* its slots by key */
};

static struct memory *open_memory(apr_shm_t *shm)
{
    struct memory *memory = shm != NULL ? apr_shm_baseaddr_get(shm) : NULL;

    if (memory == NULL || memory->layout != LAYOUT || memory->slot_size != sizeof(struct osb_slot))
        return NULL;
    return memory;
}

/* Tells the children of the configuration before to stop, and lists what they knew. */
static apr_hash_t *retire(apr_pool_t *pool, apr_shm_t *shm)
{
    struct memory *memory = open_memory(shm);
    apr_hash_t *slots = apr_hash_make(pool);

    if (memory == NULL)
        return slots;
    atomic_store(&memory->retired, true);
    for (uint32_t i = 0; i < memory->capacity; i++)
        apr_hash_set(slots, memory->slots[i].key, APR_HASH_KEY_STRING, &memory->slots[i]);
    return slots;
}

static struct retained *retained_data(void)
{
    struct retained *retained = ap_retained_data_get(RETAINED_KEY);

    return retained != NULL ? retained : ap_retained_data_create(RETAINED_KEY, sizeof *retained);
}

apr_status_t osb_board_make(struct osb_board **result, server_rec *main, unsigned capacity)
{
    struct osb_board *board = apr_pcalloc(main->process->pconf, sizeof *board);
    apr_size_t size = sizeof(struct memory) + capacity * sizeof(struct osb_slot);
    struct retained *retained = retained_data();
    apr_shm_t *shm;
    apr_status_t status;

    *result = NULL;
    status = apr_shm_create(&shm, size, NULL, main->process->pool);
    if (status != APR_SUCCESS)
        return status;
    board->memory = apr_shm_baseaddr_get(shm);
    memset(board->memory, 0, size);
    board->memory->layout = LAYOUT;
    board->memory->slot_size = sizeof(struct osb_slot);
    board->memory->capacity = capacity;
    board->before_shm = retained->shm;
    board->before = retire(main->process->pconf, retained->shm);
    retained->shm = shm;
    *result = board;
    return APR_SUCCESS;
}

struct osb_slot *osb_board_claim(struct osb_board *board, const char *key)
{
    const struct osb_slot *old = apr_hash_get(board->before, key, APR_HASH_KEY_STRING);
    struct osb_slot *slot = &board->memory->slots[board->claimed];

    if (board->claimed == board->memory->capacity || strlen(key) >= KEY_MAX)
        return NULL;
    board->claimed++;
    apr_cpystrn(slot->key, key, sizeof slot->key);
    if (old != NULL)
        slot->record = osb_slot_read(old);
    else
        slot->record = (struct osb_record){.verdict = osb_verdict_new()};
    return slot;
}

void osb_board_settle(struct osb_board *board)
{
    if (board->before_shm != NULL)
        apr_shm_destroy(board->before_shm);
    board->before_shm = NULL;
    board->before = NULL;
}

void osb_board_forget(void)
{
    struct retained *retained = ap_retained_data_get(RETAINED_KEY);
    struct memory *memory = retained != NULL ? open_memory(retained->shm) : NULL;

    if (memory != NULL)
        atomic_store(&memory->retired, true);
    if (retained != NULL && retained->shm != NULL)
        apr_shm_destroy(retained->shm);
    if (retained != NULL)
        retained->shm = NULL;
}

bool osb_board_is_retired(const struct osb_board *board)
{
    return atomic_load(&board->memory->retired);
}

struct osb_lease *osb_board_lease(struct osb_board *board)
{
    return &board->memory->lease;
}

/* A reader that always meets a writer gives up after this many tries and takes what is there: a
 * leader that was killed in the middle of a record leaves it so until the next one writes. */
#define MOST_READS 1000

struct osb_record osb_slot_read(const struct osb_slot *slot)
{
    struct osb_record record;
    uint32_t before, after;
    int tries = 0;

    do {
        before = atomic_load_explicit(&slot->edition, memory_order_acquire);
        record = slot->record;
        atomic_thread_fence(memory_order_acquire);
        after = atomic_load_explicit(&slot->edition, memory_order_relaxed);
    } while ((before != after || before % 2 == 1) && ++tries < MOST_READS);
    return record;
}

void osb_slot_write(struct osb_slot *slot, const struct osb_record *record)
{
    uint32_t edition = atomic_load(&slot->edition) | 1;

    atomic_store(&slot->edition, edition);
    atomic_thread_fence(memory_order_release);
    slot->record = *record;
    atomic_store_explicit(&slot->edition, edition + 1, memory_order_release);
}
