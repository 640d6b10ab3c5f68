-- Seats that come back, and seats that are offered. Order of locks: slots by id, then bookings, then waiting entries.

-- Whether a seat that comes back is kept out of the public pool, by the office's rule of today: `draw` keeps each for
-- the next draw, `waiting` keeps it where somebody waits for that day. What nobody can use any more is not kept.
CREATE FUNCTION paspor.is_kept(p_slot bigint) RETURNS boolean LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT s.starts_at > clock_timestamp()
           AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day)
           AND coalesce(CASE rule_value('returned', s.office, (clock_timestamp() AT TIME ZONE o.time_zone)::date) ->> 'to'
                   WHEN 'draw' THEN true
                   WHEN 'waiting' THEN EXISTS (
                       SELECT 1 FROM waiting w
                        WHERE w.state = 'waiting' AND w.office = s.office AND w.lane = s.lane
                          AND s.day BETWEEN w.first_day AND w.last_day) END, false)
      FROM slot s JOIN office o ON o.id = s.office WHERE s.id = p_slot
$$;

-- The one way in which a seat comes back. The caller holds the lock of the slot.
CREATE FUNCTION paspor.give_back(p_slot bigint) RETURNS void LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    UPDATE slot SET taken = taken - 1, kept = kept + is_kept(p_slot)::int WHERE id = p_slot
$$;

-- When a hold ends: the rule's minutes to pay, and some of grace, since the case's own timer is the punctual one.
CREATE FUNCTION paspor.hold_end(p_office text, p_day date) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT clock_timestamp() + make_interval(
        mins => (rule_value('payment', p_office, p_day) ->> 'minutes')::int
                + (rule_value('hold', p_office, p_day) ->> 'grace_minutes')::int)
$$;

-- Offer a seat that is kept, or else a public one, to a person who has none, until a moment. The id of the booking;
-- the same key gets the same one. Null where there is no seat, or the person may not book or has a live seat.
CREATE FUNCTION paspor.offer_seat(p_number text, p_slot bigint, p_until timestamptz, p_key text) RETURNS uuid
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_booking uuid;
    v_slot record;
BEGIN
    SELECT s.taken, s.kept INTO v_slot FROM slot s
     WHERE s.id = p_slot AND s.taken < s.seats AND s.starts_at > clock_timestamp()
       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day)
       FOR NO KEY UPDATE OF s;
    IF FOUND THEN
        INSERT INTO booking (slot_id, number, person_key, state, hold_until, key)
        SELECT p_slot, a.number, a.person_key, 'offered', p_until, p_key
          FROM application a, slot s
         WHERE a.number = p_number AND a.bookable AND s.id = p_slot AND s.lane IN ('regular', a.service)
        ON CONFLICT DO NOTHING RETURNING id INTO v_booking;
    END IF;
    IF v_booking IS NOT NULL THEN
        UPDATE slot SET taken = taken + 1, kept = greatest(kept - 1, 0) WHERE id = p_slot;
        RETURN v_booking;
    END IF;
    SELECT id INTO v_booking FROM booking WHERE key = p_key AND number = p_number AND state = 'offered';
    RETURN v_booking;
END $$;

-- As before (0009), and an offer that is taken becomes a hold.
CREATE OR REPLACE FUNCTION paspor.move_seat(p_number text, p_slot bigint, p_key text, p_day date, p_locked bigint[],
    OUT code text, OUT booking_id uuid, OUT slot_id bigint, OUT state text, OUT revision int)
LANGUAGE plpgsql SET enable_seqscan = off SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    b record;
    v_rule jsonb;
BEGIN
    SELECT o.*, s.day, s.office, greatest(p_day, (clock_timestamp() AT TIME ZONE f.time_zone)::date) AS today INTO b
      FROM application a JOIN booking o ON o.person_key = a.person_key AND o.state IN ('offered', 'held', 'confirmed')
      JOIN slot s ON s.id = o.slot_id JOIN office f ON f.id = s.office
     WHERE a.number = p_number FOR UPDATE OF o;
    code := CASE WHEN NOT FOUND THEN 'again' WHEN b.number <> p_number THEN 'not_bookable' ELSE 'ok' END;
    IF code = 'ok' AND (b.slot_id <> p_slot OR b.state = 'offered') THEN
        IF b.state = 'confirmed' THEN
            -- By the clock of the office, whatever the caller's date: at 06:00 in Bali it is yesterday in UTC.
            v_rule := rule_value('reschedule', b.office, b.today);
            code := CASE WHEN b.moves >= (v_rule ->> 'times')::int THEN 'reschedule_used'
                         WHEN b.today > b.day - (v_rule ->> 'days_before')::int THEN 'too_late' ELSE 'ok' END;
        END IF;
        IF code = 'ok' AND b.slot_id <> ALL (p_locked) THEN
            code := CASE WHEN p_slot = ANY (p_locked) THEN 'again' ELSE 'slot_full' END;
        END IF;
        IF code = 'ok' THEN
            UPDATE slot SET taken = taken + 1
             WHERE id = p_slot AND id <> b.slot_id AND id = ANY (p_locked) AND taken + kept < seats;
            IF FOUND OR b.slot_id = p_slot THEN
                IF b.slot_id <> p_slot THEN
                    PERFORM give_back(b.slot_id);
                END IF;
                -- An offer that is taken, or left for another seat, is a hold from now on, and the waiting is over.
                UPDATE booking o SET slot_id = p_slot, revision = o.revision + 1,
                       moves = o.moves + (o.state = 'confirmed')::int,
                       state = CASE o.state WHEN 'offered' THEN 'held' ELSE o.state END,
                       hold_until = CASE o.state WHEN 'offered' THEN hold_end(b.office, p_day) ELSE o.hold_until END
                 WHERE o.id = b.id;
                UPDATE waiting w SET state = 'taken', ended_at = clock_timestamp()
                 WHERE w.person_key = b.person_key AND w.state IN ('waiting', 'offered');
                INSERT INTO outbox (topic, number, workflow_id, key, body)
                SELECT 'seat_taken', p_number, a.workflow_id, b.id || ':' || b.revision + 1, appointment(
                           b.id, s.id, s.office, s.lane, s.starts_at, s.ends_at, f.utc_offset,
                           CASE b.state WHEN 'offered' THEN 'held' ELSE b.state END)
                  FROM application a, slot s JOIN office f ON f.id = s.office
                 WHERE a.number = p_number AND s.id = p_slot;
            ELSE
                code := 'slot_full';
            END IF;
        END IF;
    END IF;
    IF code = 'ok' THEN
        INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
        SELECT p_key, o.number, o.id, o.slot_id, o.state, o.revision FROM booking o WHERE o.id = b.id
        ON CONFLICT (key) DO NOTHING;
        SELECT o.id, o.slot_id, o.state, o.revision INTO booking_id, slot_id, state, revision
          FROM booking o WHERE o.id = b.id;
    END IF;
END $$;

-- As before (0014), past the seats that are kept.
CREATE OR REPLACE FUNCTION paspor.take_seats(p_numbers text[], p_slots bigint[], p_keys text[], p_days date[])
RETURNS TABLE (ord bigint, code text, booking_id uuid, slot_id bigint, state text, revision int)
-- A plan made while the tables were empty would be eight times slower when they are full.
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_locked bigint[];
    v_now timestamptz := clock_timestamp();
    r record;
BEGIN
    -- A slot that is full is not locked, and stays full for this batch even if a seat comes free meanwhile.
    SELECT coalesce(array_agg(id), '{}') INTO v_locked FROM (
        SELECT s.id FROM slot s WHERE s.id = ANY (ARRAY(
            SELECT w.id FROM slot w WHERE w.id = ANY (p_slots) AND w.taken + w.kept < w.seats
            UNION
            SELECT o.slot_id FROM application a JOIN booking o ON o.person_key = a.person_key
             WHERE a.number = ANY (p_numbers) AND o.state IN ('offered', 'held', 'confirmed')))
         ORDER BY s.id FOR NO KEY UPDATE) AS locking;

    FOR r IN
        WITH asked AS MATERIALIZED (
            SELECT q.*, a.person_key, a.workflow_id, s.office, s.lane, s.starts_at, s.ends_at, o.utc_offset,
                   s.seats - s.taken - s.kept AS free, d.booking_id, d.slot_id, d.state, d.revision, CASE
                       WHEN d.number = q.number THEN 'ok'
                       WHEN d.number IS NOT NULL OR a.number IS NULL THEN 'no_application'
                       WHEN NOT a.bookable THEN 'not_bookable'
                       WHEN s.id IS NULL OR s.starts_at <= v_now OR c.day IS NOT NULL THEN 'slot_gone'
                       -- Same-day seats are for who pays for the service; priority is given at the office, not chosen.
                       WHEN s.lane <> 'regular' AND s.lane <> a.service THEN 'slot_gone'
                       WHEN h.id IS NOT NULL THEN 'move'
                       WHEN q.slot <> ALL (v_locked) THEN 'slot_full' END AS verdict
              FROM unnest(p_numbers, p_slots, p_keys, p_days) WITH ORDINALITY AS q (number, slot, key, on_day, place)
              LEFT JOIN application a ON a.number = q.number
              LEFT JOIN slot s ON s.id = q.slot
              LEFT JOIN office o ON o.id = s.office
              LEFT JOIN closure c ON c.office = s.office AND c.day = s.day
              LEFT JOIN booking h ON h.person_key = a.person_key AND h.state IN ('offered', 'held', 'confirmed')
              LEFT JOIN seat_request d ON d.key = q.key),
        firsts AS (SELECT DISTINCT ON (person_key) * FROM asked WHERE verdict IS NULL ORDER BY person_key, place),
        ranked AS (SELECT *, row_number() OVER (PARTITION BY slot ORDER BY place) AS rank FROM firsts),
        holds AS MATERIALIZED (
            SELECT office, on_day, hold_end(office, on_day) AS until FROM ranked GROUP BY office, on_day),
        booked AS (
            INSERT INTO booking AS b (slot_id, number, person_key, state, hold_until, key)
            SELECT f.slot, f.number, f.person_key, 'held', h.until, f.key
              FROM ranked f JOIN holds h ON h.office = f.office AND h.on_day = f.on_day
             WHERE f.rank <= f.free ORDER BY f.person_key
            ON CONFLICT DO NOTHING RETURNING b.id, b.slot_id, b.number, b.key),
        counted AS (
            UPDATE slot s SET taken = s.taken + n.seats
              FROM (SELECT slot_id, count(*) AS seats FROM booked GROUP BY slot_id) AS n WHERE s.id = n.slot_id),
        waited AS (
            UPDATE waiting w SET state = 'taken', ended_at = v_now
              FROM booked b JOIN ranked f ON f.key = b.key
             WHERE w.person_key = f.person_key AND w.state IN ('waiting', 'offered')),
        won AS (
            INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
            SELECT key, number, id, slot_id, 'held', 1 FROM booked),
        told AS (
            INSERT INTO outbox (topic, number, workflow_id, key, body)
            SELECT 'seat_taken', f.number, f.workflow_id, b.id || ':1', appointment(
                       b.id, f.slot, f.office, f.lane, f.starts_at, f.ends_at, f.utc_offset, 'held')
              FROM booked b JOIN ranked f ON f.key = b.key)
        SELECT q.place, q.number, q.slot, q.key, q.on_day, coalesce(q.verdict, CASE
                   WHEN b.id IS NOT NULL THEN 'ok' WHEN f.rank > f.free THEN 'slot_full' ELSE 'again' END) AS code,
               coalesce(q.booking_id, b.id) AS booking_id, coalesce(q.slot_id, b.slot_id) AS slot_id,
               coalesce(q.state, CASE WHEN b.id IS NOT NULL THEN 'held' END) AS state,
               coalesce(q.revision, CASE WHEN b.id IS NOT NULL THEN 1 ELSE 0 END) AS revision
          FROM asked q LEFT JOIN ranked f ON f.place = q.place LEFT JOIN booked b ON b.key = f.key
         ORDER BY q.place
    LOOP
        ord := r.place;
        code := r.code; booking_id := r.booking_id; slot_id := r.slot_id; state := r.state; revision := r.revision;
        IF code = 'move' THEN
            SELECT m.* INTO code, booking_id, slot_id, state, revision
              FROM move_seat(r.number, r.slot, r.key, r.on_day, v_locked) AS m;
        ELSIF code <> 'ok' THEN
            booking_id := NULL; slot_id := NULL; state := NULL; revision := 0;
        END IF;
        revision := coalesce(revision, 0);
        RETURN NEXT;
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION paspor.alternatives(p_slot bigint, p_most int) RETURNS TABLE (slot_id text)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT public_slot(s.id)
      FROM slot w JOIN slot s ON s.office = w.office AND s.lane = w.lane AND s.id <> w.id
     WHERE w.id = p_slot AND s.taken + s.kept < s.seats AND s.starts_at > clock_timestamp()
       AND s.day BETWEEN w.day - 31 AND w.day + 31
       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day)
     ORDER BY abs(extract(epoch FROM s.starts_at - w.starts_at)), s.id LIMIT p_most
$$;

-- Paid: a held seat becomes a confirmed one. One that lapsed is taken again where its slot still has room.
CREATE OR REPLACE FUNCTION paspor.confirm_seat(p_booking uuid, p_number text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    b record;
BEGIN
    SELECT * INTO b FROM booking WHERE id = p_booking AND number = p_number FOR UPDATE;
    IF NOT FOUND OR b.state IN ('confirmed', 'used') THEN
        RETURN b.state IS NOT NULL;
    END IF;
    IF b.state = 'held' THEN
        UPDATE booking SET state = 'confirmed', hold_until = NULL WHERE id = p_booking;
        RETURN true;
    END IF;
    IF b.state <> 'expired' OR EXISTS (
        SELECT 1 FROM booking WHERE person_key = b.person_key AND state IN ('held', 'confirmed')) THEN
        RETURN false;
    END IF;
    -- Nothing else locks an ended booking after its slot, so this order cannot meet its opposite.
    UPDATE slot SET taken = taken + 1 WHERE id = b.slot_id AND taken < seats AND starts_at > clock_timestamp();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE booking SET state = 'confirmed' WHERE id = p_booking;
    RETURN true;
END $$;

-- As before (0009), with the seats that are kept.
CREATE OR REPLACE FUNCTION paspor.confirm_seat(p_booking uuid, p_number text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    b record;
BEGIN
    SELECT * INTO b FROM booking WHERE id = p_booking AND number = p_number FOR UPDATE;
    IF NOT FOUND OR b.state IN ('confirmed', 'used') THEN
        RETURN b.state IS NOT NULL;
    END IF;
    IF b.state = 'held' THEN
        UPDATE booking SET state = 'confirmed', hold_until = NULL WHERE id = p_booking;
        RETURN true;
    END IF;
    IF b.state <> 'expired' OR EXISTS (
        SELECT 1 FROM booking WHERE person_key = b.person_key AND state IN ('offered', 'held', 'confirmed')) THEN
        RETURN false;
    END IF;
    -- Nothing else locks an ended booking after its slot, so this order cannot meet its opposite.
    -- Who has paid comes before who waits: a seat that is kept will do.
    UPDATE slot SET taken = taken + 1, kept = kept - (taken + kept >= seats)::int
     WHERE id = b.slot_id AND taken < seats AND starts_at > clock_timestamp();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE booking SET state = 'confirmed' WHERE id = p_booking;
    RETURN true;
END $$;

-- End a live booking or an offer, and give its seat back. p_lapsed: only what has an end that is over.
CREATE OR REPLACE FUNCTION paspor.free_seat(p_booking uuid, p_state text, p_lapsed boolean) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_slot bigint;
BEGIN
    LOOP
        SELECT slot_id INTO v_slot FROM booking WHERE id = p_booking AND state IN ('offered', 'held', 'confirmed');
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM 1 FROM slot WHERE id = v_slot FOR NO KEY UPDATE;
        UPDATE booking SET state = p_state, hold_until = NULL
         WHERE id = p_booking AND slot_id = v_slot AND state IN ('offered', 'held', 'confirmed')
           AND (NOT p_lapsed OR (state IN ('offered', 'held') AND hold_until < clock_timestamp()));
        IF FOUND THEN
            PERFORM give_back(v_slot);
            RETURN true;
        END IF;
        IF p_lapsed THEN
            RETURN false;
        END IF;  -- moved meanwhile: look again
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION paspor.expire_holds(p_most int) RETURNS int LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_booking uuid;
    v_count int := 0;
BEGIN
    FOR v_booking IN SELECT id FROM booking WHERE state IN ('offered', 'held') AND hold_until < clock_timestamp()
                      ORDER BY slot_id, id LIMIT p_most LOOP
        v_count := v_count + free_seat(v_booking, 'expired', true)::int;
    END LOOP;
    RETURN v_count;
END $$;
