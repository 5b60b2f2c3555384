/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"
#include "board_memory.h"

#include <apr_strings.h>
#include <http_config.h>

/* In the process's retained data: the board of the configuration now in force, and the one before.
 * Another name for each form of struct retained, which an older module may have left behind. */
#define RETAINED_KEY "mod_os_balancer: boards"

#define SIZE_CHECK                                                   \
    (sizeof(struct osb_board_memory) + 3 * sizeof(struct osb_slot) + \
     7 * sizeof(struct osb_group_memory))

/* Plain data of the parent, for it must outlive the module's own code. */
struct retained {
    apr_shm_t *shm;
    apr_shm_t *before; /* the one that it replaced, whose children may still be there; or NULL */
};

static struct osb_board_memory *open_memory(apr_shm_t *shm)
{
    struct osb_board_memory *memory = shm != NULL ? apr_shm_baseaddr_get(shm) : NULL;

    if (memory == NULL || memory->layout != OSB_BOARD_LAYOUT || memory->size_check != SIZE_CHECK)
        return NULL;
    return memory;
}

static struct osb_group_memory *groups_of(struct osb_board_memory *memory)
{
    return (struct osb_group_memory *)&memory->slots[memory->capacity];
}

static void remember(struct osb_board *board, const char *key, struct osb_before before)
{
    apr_hash_set(board->before, apr_pstrdup(board->temp, key), APR_HASH_KEY_STRING,
                 apr_pmemdup(board->temp, &before, sizeof before));
}

static void copy_journal(struct osb_board *board, const struct osb_board_memory *old)
{
    struct osb_board_memory *memory = board->memory;

    for (size_t i = 0; i < OSB_JOURNAL_LENGTH; i++) {
        const struct osb_entry *entry = &old->journal[i];
        struct osb_event event;

        if (osb_guard_read(&entry->guard, &entry->event, &event, sizeof event) % 2 == 0)
            memory->journal[i].event = event;
    }
    atomic_store(&memory->last, atomic_load(&old->last));
    atomic_store(&memory->notified, atomic_load(&old->notified));
    atomic_store(&memory->run_until, atomic_load(&old->run_until));
    atomic_store(&memory->run_pid, atomic_load(&old->run_pid));
}

/* Tells the children of the configuration before to stop, and takes over what they knew. What their
 * leader does in this moment is copied with its event or, at worst, found out once more. */
static void retire(struct osb_board *board, struct osb_board_memory *old)
{
    atomic_store(&old->retired, true);
    for (uint32_t i = 0; i < old->capacity; i++) {
        struct osb_slot *slot = &old->slots[i];

        if (atomic_load(&slot->named))
            remember(board, slot->key,
                     (struct osb_before){.record = osb_slot_read(slot, NULL),
                                         .average = atomic_load(&slot->load.average),
                                         .slot = slot});
    }
    copy_journal(board, old);
}

static struct retained *retained_data(void)
{
    struct retained *retained = ap_retained_data_get(RETAINED_KEY);

    return retained != NULL ? retained : ap_retained_data_create(RETAINED_KEY, sizeof *retained);
}

apr_status_t osb_board_make(struct osb_board **result, server_rec *main, apr_pool_t *temp,
                            unsigned capacity, unsigned groups)
{
    struct osb_board *board = apr_pcalloc(main->process->pconf, sizeof *board);
    apr_size_t size = sizeof *board->memory + capacity * sizeof(struct osb_slot) +
                      groups * sizeof(struct osb_group_memory);
    struct retained *retained = retained_data();
    struct osb_board_memory *old = open_memory(retained->shm);
    apr_shm_t *shm;
    apr_status_t status;

    *result = NULL;
    status = apr_shm_create(&shm, size, NULL, main->process->pool);
    if (status != APR_SUCCESS)
        return status;
    board->memory = apr_shm_baseaddr_get(shm);
    memset(board->memory, 0, size);
    board->memory->layout = OSB_BOARD_LAYOUT;
    board->memory->size_check = SIZE_CHECK;
    board->memory->capacity = capacity;
    board->memory->group_count = groups;
    board->groups = groups_of(board->memory);
    board->temp = temp;
    board->first = old == NULL;
    board->before = apr_hash_make(temp);
    board->before_shm = retained->shm;
    if (old != NULL)
        retire(board, old);
    retained->shm = shm;
    *result = board;
    return APR_SUCCESS;
}

bool osb_board_is_first(const struct osb_board *board)
{
    return board->first;
}

void osb_board_restore(struct osb_board *board, const struct osb_saved *saved)
{
    struct osb_board_memory *memory = board->memory;

    for (size_t i = 0; i < saved->member_count; i++)
        remember(board, saved->members[i].key,
                 (struct osb_before){.record = saved->members[i].record});
    for (size_t i = 0; i < saved->event_count; i++) {
        const struct osb_event *event = &saved->events[i];

        memory->journal[event->number % OSB_JOURNAL_LENGTH].event = *event;
        atomic_store(&memory->last, event->number);
    }
    atomic_store(&memory->notified, saved->notified);
}

struct osb_slot *osb_board_claim(struct osb_board *board, unsigned count)
{
    struct osb_slot *slots = &board->memory->slots[board->claimed];

    if (count > board->memory->capacity - board->claimed)
        return NULL;
    board->claimed += count;
    return slots;
}

/* After a stop the journal alone knows which alarms stood: what was said of each last. */
static void recall_alarms(const struct osb_board *board, struct osb_group_memory *group)
{
    uint64_t last = osb_board_last_event(board);
    char key[OSB_KEY_MAX];
    struct osb_event event;

    for (uint64_t back = OSB_JOURNAL_LENGTH; back-- > 0;) {
        if (back >= last || !osb_board_event(board, last - back, &event) ||
            !osb_event_is_alarm(event.kind))
            continue;
        apr_snprintf(key, sizeof key, "%s %s", event.server, event.balancer);
        if (strcmp(key, group->key) == 0)
            atomic_store(&group->alarms[event.kind], !event.over);
    }
}

void osb_board_name_group(struct osb_board *board, unsigned group, const char *key)
{
    struct osb_board_memory *old = open_memory(board->before_shm);
    struct osb_group_memory *memory = &board->groups[group];

    apr_cpystrn(memory->key, key, sizeof memory->key);
    if (board->first)
        recall_alarms(board, memory);
    for (uint32_t i = 0; old != NULL && i < old->group_count; i++) {
        struct osb_group_memory *before = &groups_of(old)[i];

        if (strcmp(before->key, memory->key) != 0)
            continue;
        memory->elder = before;
        for (int kind = 0; kind < OSB_EVENT_KINDS; kind++)
            atomic_store(&memory->alarms[kind], atomic_load(&before->alarms[kind]));
    }
}

struct osb_budget *osb_board_budget(const struct osb_board *board, unsigned group)
{
    return &board->groups[group].budget;
}

static void let_go(apr_shm_t **shm)
{
    if (*shm != NULL)
        apr_shm_destroy(*shm);
    *shm = NULL;
}

void osb_board_settle(struct osb_board *board)
{
    struct retained *retained = retained_data();

    let_go(&retained->before);
    retained->before = board->before_shm;
    board->before_shm = NULL;
    board->before = NULL;
}

void osb_board_forget(void)
{
    struct retained *retained = ap_retained_data_get(RETAINED_KEY);
    struct osb_board_memory *memory = retained != NULL ? open_memory(retained->shm) : NULL;

    if (memory != NULL)
        atomic_store(&memory->retired, true);
    if (retained == NULL)
        return;
    let_go(&retained->shm);
    let_go(&retained->before);
}

void osb_board_retire(struct osb_board *board)
{
    atomic_store(&board->memory->retired, true);
}

bool osb_board_is_retired(const struct osb_board *board)
{
    return atomic_load(&board->memory->retired);
}

bool osb_term_lasts(const struct osb_term *term)
{
    return !osb_board_is_retired(term->board) &&
           osb_lease_is_held(&term->board->memory->lease, term->ticket);
}

struct osb_lease *osb_board_lease(struct osb_board *board)
{
    return &board->memory->lease;
}

pid_t osb_board_leader(const struct osb_board *board)
{
    return atomic_load(&board->memory->leader);
}

void osb_board_set_leader(const struct osb_term *term, pid_t pid)
{
    if (osb_term_lasts(term))
        atomic_store(&term->board->memory->leader, pid);
}

bool osb_board_alarm(const struct osb_board *board, unsigned group, enum osb_event_kind kind)
{
    return atomic_load(&board->groups[group].alarms[kind]);
}

void osb_board_set_alarm(const struct osb_term *term, unsigned group, enum osb_event_kind kind,
                         bool stands)
{
    struct osb_group_memory *memory = &term->board->groups[group];

    if (!osb_term_lasts(term))
        return;
    atomic_store(&memory->alarms[kind], stands);
    if (memory->elder != NULL)
        atomic_store(&memory->elder->alarms[kind], stands);
}

/* Members that nobody ever checked aren't worth a place. */
static void save_members(const struct osb_board_memory *memory, struct osb_saved *saved)
{
    for (uint32_t i = 0; i < memory->capacity; i++) {
        const struct osb_slot *slot = &memory->slots[i];
        struct osb_saved_member *member = &saved->members[saved->member_count];

        if (!atomic_load(&slot->named))
            continue;
        member->record = osb_slot_read(slot, NULL);
        apr_cpystrn(member->key, slot->key, sizeof member->key);
        saved->member_count += member->record.checked > 0;
    }
}

static void save_events(const struct osb_board *board, struct osb_saved *saved)
{
    uint64_t last = osb_board_last_event(board);
    uint64_t number = last >= OSB_JOURNAL_LENGTH ? last - OSB_JOURNAL_LENGTH + 1 : 1;

    for (; number <= last; number++)
        saved->event_count += osb_board_event(board, number, &saved->events[saved->event_count]);
}

bool osb_board_save(const struct osb_board *board, struct osb_saved *saved)
{
    *saved = (struct osb_saved){
        .members = calloc(board->memory->capacity, sizeof *saved->members),
        .events = calloc(OSB_JOURNAL_LENGTH, sizeof *saved->events),
        .notified = osb_board_notified(board),
    };
    if (saved->members == NULL || saved->events == NULL) {
        osb_saved_free(saved);
        return false;
    }
    save_members(board->memory, saved);
    save_events(board, saved);
    return true;
}
