-- Seats. Order of locks everywhere: slots by id, then bookings.

CREATE FUNCTION paspor.rule_value(p_name text, p_office text, p_on date) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT value FROM paspor.rule
     WHERE name = p_name AND office IN ('', p_office) AND effective_from <= p_on
     ORDER BY office DESC, effective_from DESC LIMIT 1  -- an office's own comes before the nation's (empty)
$$;

CREATE FUNCTION paspor.public_slot(p_slot bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 's' || to_hex(p_slot)
$$;

-- Write down that a request won, and tell the workflow where its seat is. The body is an Appointment.
CREATE FUNCTION paspor.seat_won(p_booking uuid, p_key text, p_moved boolean) RETURNS void
LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    INSERT INTO seat_request (key, number, booking_id, slot_id, state, revision)
    SELECT p_key, number, id, slot_id, state, revision FROM booking WHERE id = p_booking
    ON CONFLICT (key) DO NOTHING;
    INSERT INTO outbox (topic, number, workflow_id, key, body)
    SELECT 'seat_taken', b.number, a.workflow_id, b.id || ':' || b.revision, jsonb_build_object(
               'booking', b.id, 'slot_id', public_slot(s.id), 'office', s.office, 'lane', s.lane,
               'starts_at', s.starts_at, 'ends_at', s.ends_at, 'utc_offset', o.utc_offset, 'state', b.state)
      FROM booking b JOIN application a ON a.number = b.number JOIN slot s ON s.id = b.slot_id
      JOIN office o ON o.id = s.office
     WHERE p_moved AND b.id = p_booking;
$$;

-- What has queued up in one process: one transaction, each slot locked once, one flush of the log.
-- Answers: ok, slot_full, slot_gone, not_bookable, reschedule_used, too_late, no_application, and `again` where another
-- transaction was in the way and the request is to be asked once more.
CREATE FUNCTION paspor.take_seats(p_numbers text[], p_slots bigint[], p_keys text[], p_days date[])
RETURNS TABLE (ord bigint, code text, booking_id uuid, slot_id bigint, state text, revision int)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_locked bigint[];
    v_now timestamptz := clock_timestamp();
    v_rule jsonb;
    r record;
    b record;
BEGIN
    -- A slot that is full is not locked, and stays full for this batch even if a seat comes free meanwhile.
    SELECT coalesce(array_agg(id), '{}') INTO v_locked FROM (
        SELECT s.id FROM slot s WHERE s.id = ANY (ARRAY(
            SELECT w.id FROM slot w WHERE w.id = ANY (p_slots) AND w.taken < w.seats
            UNION
            SELECT o.slot_id FROM booking o JOIN application a ON a.person_key = o.person_key
             WHERE a.number = ANY (p_numbers) AND o.state IN ('held', 'confirmed')))
         ORDER BY s.id FOR NO KEY UPDATE) AS locking;

    FOR r IN
        SELECT q.*, a.person_key, a.bookable AND a.ending IS NULL AS may_book, s.id IS NOT NULL AND s.starts_at > v_now
                    AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day) AS there,
               s.office, s.day AS slot_day, h.id AS holds, d.number AS won_by, d.booking_id AS won_booking,
               d.slot_id AS won_slot, d.state AS won_state, d.revision AS won_revision
          FROM unnest(p_numbers, p_slots, p_keys, p_days) WITH ORDINALITY AS q (number, slot, key, on_day, place)
          LEFT JOIN application a ON a.number = q.number
          LEFT JOIN slot s ON s.id = q.slot
          LEFT JOIN booking h ON h.person_key = a.person_key AND h.state IN ('held', 'confirmed')
          LEFT JOIN seat_request d ON d.key = q.key
         ORDER BY q.place
    LOOP
        ord := r.place;
        booking_id := NULL; slot_id := NULL; state := NULL; revision := 0;
        code := CASE
            WHEN r.won_by = r.number THEN 'ok'
            WHEN r.won_by IS NOT NULL OR r.person_key IS NULL THEN 'no_application'
            WHEN NOT r.may_book THEN 'not_bookable'
            WHEN NOT r.there THEN 'slot_gone'
            WHEN r.holds IS NULL AND r.slot <> ALL (v_locked) THEN 'slot_full' END;
        IF r.won_by = r.number THEN
            booking_id := r.won_booking; slot_id := r.won_slot; state := r.won_state; revision := r.won_revision;
        END IF;
        IF code IS NOT NULL THEN
            RETURN NEXT; CONTINUE;
        END IF;

        SELECT o.*, s.day AS slot_day, greatest(r.on_day, (v_now AT TIME ZONE f.time_zone)::date) AS today INTO b
          FROM booking o JOIN slot s ON s.id = o.slot_id JOIN office f ON f.id = s.office
         WHERE o.person_key = r.person_key AND o.state IN ('held', 'confirmed') FOR UPDATE OF o;
        IF FOUND THEN
            code := 'ok';
            IF b.number <> r.number THEN
                code := 'not_bookable';
            ELSIF b.slot_id <> r.slot THEN
                IF b.state = 'confirmed' THEN
                    -- By the clock of the office, whatever the caller's date: at 06:00 in Bali it is yesterday in UTC.
                    v_rule := rule_value('reschedule', r.office, b.today);
                    code := CASE WHEN b.moves >= (v_rule ->> 'times')::int THEN 'reschedule_used'
                                 WHEN b.today > b.slot_day - (v_rule ->> 'days_before')::int THEN 'too_late'
                                 ELSE 'ok' END;
                END IF;
                IF code = 'ok' AND r.slot <> ALL (v_locked) THEN
                    code := 'slot_full';
                ELSIF code = 'ok' AND b.slot_id <> ALL (v_locked) THEN
                    code := 'again';
                ELSIF code = 'ok' THEN
                    UPDATE slot s SET taken = s.taken + 1 WHERE s.id = r.slot AND s.taken < s.seats;
                    IF FOUND THEN
                        UPDATE slot s SET taken = s.taken - 1 WHERE s.id = b.slot_id;
                        UPDATE booking o SET slot_id = r.slot, revision = o.revision + 1,
                               moves = o.moves + (o.state = 'confirmed')::int WHERE o.id = b.id;
                    ELSE
                        code := 'slot_full';
                    END IF;
                END IF;
            END IF;
            booking_id := b.id;
        ELSE
            code := 'slot_full';
            UPDATE slot s SET taken = s.taken + 1
             WHERE s.id = r.slot AND s.id = ANY (v_locked) AND s.taken < s.seats;
            IF FOUND THEN
                code := 'ok';
                -- The rule's minutes, and a quarter of an hour of grace: the workflow's own timer is the punctual one.
                INSERT INTO booking AS o (slot_id, number, person_key, state, hold_until, key)
                VALUES (r.slot, r.number, r.person_key, 'held', v_now + make_interval(
                            mins => (rule_value('payment', r.office, r.on_day) ->> 'minutes')::int + 15), r.key)
                ON CONFLICT DO NOTHING RETURNING o.id INTO booking_id;
                IF booking_id IS NULL THEN
                    UPDATE slot s SET taken = s.taken - 1 WHERE s.id = r.slot;
                    code := 'again';
                END IF;
            END IF;
        END IF;
        IF code = 'ok' THEN
            PERFORM seat_won(booking_id, r.key, b.id IS NULL OR b.slot_id <> r.slot);
            SELECT o.slot_id, o.state, o.revision INTO slot_id, state, revision FROM booking o WHERE o.id = booking_id;
        ELSE
            booking_id := NULL;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;

-- The open slots of the same office and lane that are nearest in time.
CREATE FUNCTION paspor.alternatives(p_slot bigint, p_most int) RETURNS TABLE (slot_id text)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT public_slot(s.id)
      FROM slot w JOIN slot s ON s.office = w.office AND s.lane = w.lane AND s.id <> w.id
     WHERE w.id = p_slot AND s.taken < s.seats AND s.starts_at > clock_timestamp()
       AND s.day BETWEEN w.day - 31 AND w.day + 31
       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = s.office AND c.day = s.day)
     ORDER BY abs(extract(epoch FROM s.starts_at - w.starts_at)), s.id LIMIT p_most
$$;

-- Paid: a held seat becomes a confirmed one. One that lapsed is taken again where its slot still has room.
CREATE FUNCTION paspor.confirm_seat(p_booking uuid, p_number text) RETURNS boolean
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

-- End a live booking and give its seat back. p_lapsed: only a hold whose time is over. False when nothing was to be done.
CREATE FUNCTION paspor.free_seat(p_booking uuid, p_state text, p_lapsed boolean) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_slot bigint;
BEGIN
    LOOP
        SELECT slot_id INTO v_slot FROM booking WHERE id = p_booking AND state IN ('held', 'confirmed');
        IF NOT FOUND THEN
            RETURN false;
        END IF;
        PERFORM 1 FROM slot WHERE id = v_slot FOR NO KEY UPDATE;
        UPDATE booking SET state = p_state, hold_until = NULL
         WHERE id = p_booking AND slot_id = v_slot AND state IN ('held', 'confirmed')
           AND (NOT p_lapsed OR (state = 'held' AND hold_until < clock_timestamp()));
        IF FOUND THEN
            UPDATE slot SET taken = taken - 1 WHERE id = v_slot;
            RETURN true;
        END IF;
        IF p_lapsed THEN
            RETURN false;
        END IF;  -- moved meanwhile: look again
    END LOOP;
END $$;

CREATE FUNCTION paspor.expire_holds(p_most int) RETURNS int LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_booking uuid;
    v_count int := 0;
BEGIN
    FOR v_booking IN SELECT id FROM booking WHERE state = 'held' AND hold_until < clock_timestamp()
                      ORDER BY slot_id, id LIMIT p_most LOOP
        v_count := v_count + free_seat(v_booking, 'expired', true)::int;
    END LOOP;
    RETURN v_count;
END $$;

-- The next number of a series on a day of an office.
CREATE FUNCTION paspor.next_serial(p_office text, p_day date, p_series text) RETURNS int
LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    INSERT INTO ticket_series AS t (office, day, series, last) VALUES (p_office, p_day, p_series, 1)
    ON CONFLICT (office, day, series) DO UPDATE SET last = t.last + 1 RETURNING last
$$;
