-- The waiting list. Order of locks everywhere: slots by id, then bookings, then waiting entries.

CREATE TRIGGER no_change BEFORE UPDATE OR DELETE ON paspor.waiting_step
    FOR EACH ROW EXECUTE FUNCTION paspor.refuse_change();
CREATE TRIGGER no_truncate BEFORE TRUNCATE ON paspor.waiting_step
    FOR EACH STATEMENT EXECUTE FUNCTION paspor.refuse_change();

-- A rule of an office, as of today by its own clock.
CREATE FUNCTION paspor.rule_today(p_name text, p_office text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT rule_value(p_name, o.id, (clock_timestamp() AT TIME ZONE o.time_zone)::date)
      FROM office o WHERE o.id = p_office
$$;

-- Kept seats are not all the list's. Those of a day that is drawn are the draw's.
CREATE FUNCTION paspor.is_drawn(p_office text, p_lane text, p_day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = paspor, pg_temp AS $$
BEGIN
    RETURN coalesce(rule_today('returned', p_office) ->> 'to' = 'draw', false) OR EXISTS (
        SELECT 1 FROM draw WHERE office = p_office AND lane = p_lane AND p_day BETWEEN first_day AND last_day);
END $$;

-- And some are reserved for people of a day that was closed.
CREATE FUNCTION paspor.reserved_seats(p_slot bigint) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = paspor, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT seats FROM seat_reserve WHERE slot_id = p_slot), 0);
END $$;

-- Until when a seat that starts then is offered; null where it would come too late to be used.
CREATE FUNCTION paspor.offer_end(p_office text, p_starts_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT CASE WHEN p_starts_at >= clock_timestamp() + make_interval(hours => (rule ->> 'least_hours')::int)
                THEN least(p_starts_at, clock_timestamp() + make_interval(mins => (rule ->> CASE
                     WHEN p_starts_at < clock_timestamp() + make_interval(hours => (rule ->> 'soon_hours')::int)
                     THEN 'soon_minutes' ELSE 'minutes' END)::int)) END
      FROM rule_today('waiting_list', p_office) AS rule
$$;

-- The open entries that stand in the list as one with that of a case: its own, and those of its family.
CREATE FUNCTION paspor.waiting_group(p_number text) RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT coalesce(array_agg(x.id), '{}') FROM waiting w
      JOIN waiting x ON x.id = w.id OR (x.family = w.family AND x.office = w.office AND x.lane = w.lane)
     WHERE w.number = p_number AND w.state IN ('waiting', 'offered') AND x.state IN ('waiting', 'offered')
$$;

-- Every change of an entry leaves a step, whoever makes it.
CREATE FUNCTION paspor.note_waiting() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    INSERT INTO waiting_step (waiting_id, slot_id, what, why)
    VALUES (NEW.id, (SELECT slot_id FROM booking WHERE id = NEW.booking_id
                        AND (NEW.state, state) IN (('offered', 'offered'), ('taken', 'held'))), NEW.state, NEW.why);
    RETURN NULL;
END $$;
CREATE TRIGGER note_waiting AFTER UPDATE OF state ON paspor.waiting FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND NEW.state <> 'waiting') EXECUTE FUNCTION paspor.note_waiting();

-- An offer comes to nothing by the person: back to one's place, until it was once too often. The caller ends the booking.
CREATE FUNCTION paspor.decline(p_entry uuid, p_what text, p_key text) RETURNS void
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_most int;
BEGIN
    INSERT INTO waiting_step (waiting_id, slot_id, what, key)
    SELECT w.id, b.slot_id, p_what, p_key FROM waiting w JOIN booking b ON b.id = w.booking_id WHERE w.id = p_entry;
    SELECT (rule_today('waiting_list', w.office) ->> 'refusals')::int INTO v_most FROM waiting w WHERE w.id = p_entry;
    UPDATE waiting
       SET refusals = refusals + 1, state = CASE WHEN refusals >= v_most THEN 'dropped' ELSE 'waiting' END,
           why = CASE WHEN refusals >= v_most THEN 'too_many_refusals' ELSE '' END,
           ended_at = CASE WHEN refusals >= v_most THEN clock_timestamp() END
     WHERE id = p_entry AND state = 'offered';
END $$;

-- Whoever frees an offered seat: who did not answer has declined; who lost it by the office waits on, uncounted.
CREATE FUNCTION paspor.offer_over() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_entry uuid;
BEGIN
    SELECT id INTO v_entry FROM waiting WHERE booking_id = NEW.id AND state = 'offered' FOR UPDATE;
    IF FOUND AND NEW.state = 'expired' THEN
        PERFORM decline(v_entry, 'lapsed', NULL);
    ELSIF FOUND THEN
        INSERT INTO waiting_step (waiting_id, slot_id, what) VALUES (v_entry, NEW.slot_id, 'revoked');
        UPDATE waiting SET state = 'waiting' WHERE id = v_entry;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER offer_over AFTER UPDATE OF state ON paspor.booking FOR EACH ROW
    WHEN (OLD.state = 'offered' AND NEW.state IN ('expired', 'released')) EXECUTE FUNCTION paspor.offer_over();

-- A case that takes no seat any more waits for none. What is offered to it lapses now, and is passed on by the next look:
-- to lock its slot here, behind the case's own row, would be against the order of locks.
CREATE FUNCTION paspor.case_waits_no_more() RETURNS trigger LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    UPDATE booking SET hold_until = clock_timestamp()
     WHERE number = NEW.number AND state = 'offered' AND hold_until > clock_timestamp();
    UPDATE waiting
       SET state = 'dropped', why = CASE WHEN NEW.ending IS NULL THEN 'not_bookable' ELSE 'case_ended' END,
           ended_at = clock_timestamp()
     WHERE number = NEW.number AND state IN ('waiting', 'offered');
    RETURN NULL;
END $$;
CREATE TRIGGER case_waits_no_more AFTER UPDATE OF bookable ON paspor.application FOR EACH ROW
    WHEN (OLD.bookable AND NOT NEW.bookable) EXECUTE FUNCTION paspor.case_waits_no_more();

-- Join the list, with all of the family who have no seat. Answers: ok, also for the very same wish or key again;
-- already_waiting (for other days), already_has_seat, not_bookable, no_such_office, no_such_lane, no_waiting_list, days_over,
-- too_many_days.
CREATE FUNCTION paspor.join_waiting(
    p_number text, p_office text, p_lane text, p_first date, p_last date, p_key text
) RETURNS text LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    a record;
    v_today date;
    v_now timestamptz := clock_timestamp();
BEGIN
    IF EXISTS (SELECT 1 FROM waiting_step s JOIN waiting w ON w.id = s.waiting_id
                WHERE s.key = p_key AND w.number = p_number) THEN
        RETURN 'ok';
    END IF;
    SELECT p.person_key, p.bookable, p.service, p.family, p_lane = ANY (o.lanes) AS there,
           (clock_timestamp() AT TIME ZONE o.time_zone)::date AS today INTO a
      FROM application p, office o WHERE p.number = p_number AND o.id = p_office;
    v_today := a.today;
    IF NOT FOUND THEN
        RETURN 'no_such_office';
    ELSIF NOT a.bookable THEN
        RETURN 'not_bookable';
    ELSIF NOT a.there OR p_lane NOT IN ('regular', a.service) THEN
        RETURN 'no_such_lane';
    ELSIF rule_today('returned', p_office) ->> 'to' IS DISTINCT FROM 'waiting' THEN
        RETURN 'no_waiting_list';
    ELSIF p_last < v_today THEN
        RETURN 'days_over';
    ELSIF p_last - greatest(p_first, v_today) >= (rule_today('waiting_list', p_office) ->> 'most_days')::int THEN
        RETURN 'too_many_days';
    END IF;
    -- Who waits already is asked below whether it is for the same.
    IF NOT EXISTS (SELECT 1 FROM waiting w WHERE w.person_key = a.person_key AND w.state IN ('waiting', 'offered')) THEN
        IF EXISTS (SELECT 1 FROM booking b
                    WHERE b.person_key = a.person_key AND b.state IN ('offered', 'held', 'confirmed')) THEN
            RETURN 'already_has_seat';
        END IF;
        WITH joined AS (
            INSERT INTO waiting (number, person_key, office, lane, first_day, last_day, family, joined_at)
            SELECT p.number, p.person_key, p_office, p_lane, greatest(p_first, v_today), p_last, p.family, v_now
              FROM application p
             WHERE (p.number = p_number OR p.family = a.family) AND p.bookable AND p_lane IN ('regular', p.service)
               AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.person_key = p.person_key
                                  AND b.state IN ('offered', 'held', 'confirmed'))
             ORDER BY p.person_key
            ON CONFLICT DO NOTHING RETURNING id, number)
        INSERT INTO waiting_step (waiting_id, what, key)
        SELECT id, 'joined', CASE number WHEN p_number THEN p_key END FROM joined;
    END IF;
    RETURN CASE WHEN EXISTS (
        SELECT 1 FROM waiting w WHERE w.number = p_number AND w.state IN ('waiting', 'offered') AND w.office = p_office
           AND w.lane = p_lane AND w.first_day = greatest(p_first, v_today) AND w.last_day = p_last)
        THEN 'ok' ELSE 'already_waiting' END;
END $$;

-- Give back what is offered to these entries, which are marked first: `refused` counts and waits on, `left` is out.
-- How many. An offer that was made or taken meanwhile is not among them: the caller looks again.
CREATE FUNCTION paspor.end_offers(p_entries uuid[], p_what text, p_number text, p_key text) RETURNS int
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_slots bigint[];
    v_count int := 0;
    e record;
BEGIN
    SELECT coalesce(array_agg(id), '{}') INTO v_slots FROM (
        SELECT s.id FROM slot s WHERE s.id IN (
            SELECT b.slot_id FROM waiting w JOIN booking b ON b.id = w.booking_id
             WHERE w.id = ANY (p_entries) AND w.state = 'offered' AND b.state = 'offered')
         ORDER BY s.id FOR NO KEY UPDATE) AS locking;
    FOR e IN
        SELECT w.id, w.number, w.booking_id FROM booking b JOIN waiting w ON w.booking_id = b.id
         WHERE w.id = ANY (p_entries) AND w.state = 'offered' AND b.state = 'offered' AND b.slot_id = ANY (v_slots)
         ORDER BY b.slot_id, b.id FOR UPDATE OF b
    LOOP
        IF p_what = 'refused' THEN
            PERFORM decline(e.id, 'refused', CASE e.number WHEN p_number THEN p_key END);
        ELSE
            UPDATE waiting SET state = 'left', ended_at = clock_timestamp() WHERE id = e.id AND state = 'offered';
        END IF;
        PERFORM free_seat(e.booking_id, 'released', false);
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END $$;

-- Refuse what is offered to a case and its family, and wait on. False where nothing is; the same key again is true.
CREATE FUNCTION paspor.refuse_offer(p_number text, p_key text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
BEGIN
    RETURN EXISTS (SELECT 1 FROM waiting_step s JOIN waiting w ON w.id = s.waiting_id
                    WHERE s.key = p_key AND w.number = p_number)
        OR end_offers(waiting_group(p_number), 'refused', p_number, p_key) > 0;
END $$;

-- Leave the list, a family as one. False where nobody waits.
CREATE FUNCTION paspor.leave_waiting(p_number text) RETURNS boolean
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_entries uuid[] := waiting_group(p_number);
BEGIN
    FOR look IN 1..10 LOOP  -- what is offered between the two statements is found by the next look
        PERFORM end_offers(v_entries, 'left', p_number, NULL);
        UPDATE waiting SET state = 'left', ended_at = clock_timestamp() WHERE id = ANY (v_entries) AND state = 'waiting';
        EXIT WHEN NOT EXISTS (SELECT 1 FROM waiting WHERE id = ANY (v_entries) AND state IN ('waiting', 'offered'));
    END LOOP;
    RETURN cardinality(v_entries) > 0;
END $$;

-- Offers that nobody answered in time; how many.
CREATE FUNCTION paspor.expire_offers(p_most int) RETURNS int LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_booking uuid;
    v_count int := 0;
BEGIN
    FOR v_booking IN SELECT id FROM booking WHERE state = 'offered' AND hold_until < clock_timestamp()
                      ORDER BY slot_id, id LIMIT p_most LOOP
        v_count := v_count + free_seat(v_booking, 'expired', true)::int;
    END LOOP;
    RETURN v_count;
END $$;

-- End entries whose days are over, and of people who took a seat in the moment in which they joined.
CREATE FUNCTION paspor.tidy_waiting() RETURNS void LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    UPDATE waiting w SET state = 'dropped', why = 'days_over', ended_at = clock_timestamp()
      FROM office o
     WHERE w.state = 'waiting' AND o.id = w.office AND w.last_day < (clock_timestamp() AT TIME ZONE o.time_zone)::date;
    UPDATE waiting w SET state = 'taken', why = 'already_has_seat', ended_at = clock_timestamp()
     WHERE w.state = 'waiting' AND EXISTS (
        SELECT 1 FROM booking b WHERE b.person_key = w.person_key AND b.state IN ('held', 'confirmed'));
$$;

-- Seats of the locked slots for a group, one an entry: in one slot or in as many that follow each other as the rule
-- `family` lets a family sit in, the closest together, then the earliest; at least one of them kept, unless p_public. Null
-- where there are not enough. A seat that one of them was offered before is none. A family may be made whole with seats
-- that are free for all.
CREATE FUNCTION paspor.seats_for(p_entries uuid[], p_locked bigint[], p_public boolean) RETURNS bigint[]
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    WITH usable AS (
        SELECT s.id, s.office, s.starts_at, s.kept - reserved AS kept,
               -- Of a slot with reserved seats nothing is free for all.
               CASE WHEN reserved > 0 THEN s.kept - reserved ELSE s.seats - s.taken END AS free,
               (s.starts_at IS DISTINCT FROM lag(s.ends_at) OVER (ORDER BY s.starts_at))::int AS gap
          FROM slot s CROSS JOIN LATERAL reserved_seats(s.id) AS reserved
         WHERE s.id = ANY (p_locked) AND s.taken < s.seats AND offer_end(s.office, s.starts_at) IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM waiting_step o
                            WHERE o.waiting_id = ANY (p_entries) AND o.slot_id = s.id AND o.what = 'offered')),
    runs AS (SELECT u.*, sum(gap) OVER (ORDER BY starts_at) AS run FROM usable u),
    places AS (
        SELECT r.id, r.office, r.run, r.kept, r.starts_at, row_number() OVER (ORDER BY r.starts_at, n) AS place
          FROM runs r CROSS JOIN generate_series(1, least(r.free, cardinality(p_entries))) AS n)
    SELECT array_agg(q.id ORDER BY q.place)
      FROM places p JOIN places q
        ON q.run = p.run AND q.place BETWEEN p.place AND p.place + cardinality(p_entries) - 1
     GROUP BY p.place
    HAVING count(*) = cardinality(p_entries) AND (p_public OR bool_or(q.kept > 0))
       AND count(DISTINCT q.id) <= 1 + coalesce((rule_today('family', min(q.office)) ->> 'adjacent_slots')::int, 0)
     ORDER BY max(q.starts_at) - min(q.starts_at), p.place LIMIT 1
$$;

-- Offer each entry its seat, or none of them any. Answers ok, or why not.
CREATE FUNCTION paspor.offer_to(p_entries uuid[], p_slots bigint[]) RETURNS text
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_code text;
    v_until timestamptz;
    v_booking uuid;
    e record;
BEGIN
    SELECT min(offer_end(office, starts_at)) INTO v_until FROM slot WHERE id = ANY (p_slots);
    FOR e IN
        SELECT w.id, w.number, w.refusals, a.workflow_id, s.id AS slot_id, s.office,
               s.starts_at AT TIME ZONE o.time_zone AS starts_at, v_until AT TIME ZONE o.time_zone AS until,
               '+0' || o.utc_offset || ':00' AS zone
          FROM unnest(p_entries, p_slots) AS given (entry, slot)
          JOIN waiting w ON w.id = given.entry JOIN application a ON a.number = w.number
          JOIN slot s ON s.id = given.slot JOIN office o ON o.id = s.office
         ORDER BY w.person_key  -- as `take_seats` does
    LOOP
        v_booking := offer_seat(e.number, e.slot_id, v_until, concat_ws('/', 'waiting', e.id, e.slot_id, e.refusals));
        IF v_booking IS NULL THEN
            SELECT CASE WHEN EXISTS (SELECT 1 FROM booking b WHERE b.person_key = a.person_key
                                        AND b.state IN ('offered', 'held', 'confirmed')) THEN 'already_has_seat'
                        WHEN NOT a.bookable THEN 'not_bookable' ELSE 'seat_gone' END INTO v_code
              FROM application a WHERE a.number = e.number;
            RAISE EXCEPTION 'no seat' USING ERRCODE = 'PW001';
        END IF;
        UPDATE waiting SET state = 'offered', booking_id = v_booking WHERE id = e.id AND state = 'waiting';
        IF NOT FOUND THEN
            v_code := 'left_meanwhile';
            RAISE EXCEPTION 'no seat' USING ERRCODE = 'PW001';
        END IF;
        INSERT INTO outbox (topic, number, workflow_id, key, body)
        VALUES ('news', e.number, e.workflow_id, 'offered/' || v_booking, jsonb_build_object(
            'kind', 'offered', 'facts', jsonb_build_object(
                'office', e.office, 'starts_at', to_char(e.starts_at, 'YYYY-MM-DD"T"HH24:MI') || e.zone,
                'until', to_char(e.until, 'YYYY-MM-DD"T"HH24:MI') || e.zone)));
    END LOOP;
    RETURN 'ok';
EXCEPTION WHEN SQLSTATE 'PW001' THEN  -- what was offered to the others of the family is undone
    RETURN v_code;
END $$;

-- Offer seats of a day to the first in line who can use them: how many were offered. One group a call, so that nothing is
-- locked for long; 0 means that nobody can, and what was kept is free for all from then on. A seat that is kept for a draw
-- or for people of a
-- closed day stays. p_public: seats that are free for all are offered too, to who joins where nobody waits.
CREATE FUNCTION paspor.pass_on(p_office text, p_lane text, p_day date, p_public boolean) RETURNS int
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_locked bigint[];
    v_kept bigint;
    v_seats bigint[];
    v_code text;
    g record;
BEGIN
    IF is_drawn(p_office, p_lane, p_day) THEN
        RETURN 0;
    END IF;
    SELECT coalesce(array_agg(id), '{}') INTO v_locked FROM (
        SELECT id FROM slot WHERE office = p_office AND lane = p_lane AND day = p_day AND taken < seats
         ORDER BY id FOR NO KEY UPDATE) AS locking;
    -- Of a seat that would come too late there is one step, for all who wait for that day.
    INSERT INTO waiting_step (slot_id, what, why)
    SELECT s.id, 'skipped', 'too_late' FROM slot s
     WHERE s.id = ANY (v_locked) AND s.kept > reserved_seats(s.id) AND offer_end(s.office, s.starts_at) IS NULL
       AND EXISTS (SELECT 1 FROM waiting w WHERE w.state = 'waiting' AND w.office = s.office AND w.lane = s.lane
                      AND s.day BETWEEN w.first_day AND w.last_day);
    SELECT s.id INTO v_kept FROM slot s
     WHERE s.id = ANY (v_locked) AND (s.kept > reserved_seats(s.id) OR p_public) AND offer_end(s.office, s.starts_at) IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM closure c WHERE c.office = p_office AND c.day = p_day)
     ORDER BY s.starts_at LIMIT 1;
    FOR g IN
        SELECT array_agg(w.id ORDER BY w.number) AS entries FROM waiting w
         WHERE v_kept IS NOT NULL AND w.state = 'waiting' AND w.office = p_office AND w.lane = p_lane
           AND p_day BETWEEN w.first_day AND w.last_day
         GROUP BY coalesce(w.family, w.id) ORDER BY min(w.joined_at), coalesce(w.family, w.id)
    LOOP
        v_seats := seats_for(g.entries, v_locked, p_public);
        v_code := CASE WHEN v_seats IS NOT NULL THEN offer_to(g.entries, v_seats)
                       WHEN cardinality(g.entries) > 1 THEN 'family_does_not_fit' ELSE 'had_this_offer' END;
        IF v_code = 'ok' THEN
            RETURN cardinality(g.entries);
        END IF;
        INSERT INTO waiting_step (waiting_id, slot_id, what, why)
        SELECT entry, coalesce(v_seats[1], v_kept), 'skipped', v_code FROM unnest(g.entries) AS entry
        ON CONFLICT DO NOTHING;
    END LOOP;
    UPDATE slot SET kept = reserved_seats(id) WHERE id = ANY (v_locked) AND kept > reserved_seats(id);
    RETURN 0;
END $$;

-- Days on which seats are kept for who waits. Asked twice a second: a day of a draw is looked at once, not once a slot.
CREATE FUNCTION paspor.days_to_pass_on() RETURNS TABLE (office text, lane text, day date)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    WITH days AS MATERIALIZED (SELECT DISTINCT s.office, s.lane, s.day FROM slot s WHERE s.kept > 0),
    ours AS MATERIALIZED (SELECT * FROM days d WHERE NOT is_drawn(d.office, d.lane, d.day))
    SELECT o.office, o.lane, o.day FROM ours o
     WHERE EXISTS (SELECT 1 FROM slot s WHERE s.office = o.office AND s.lane = o.lane AND s.day = o.day AND s.kept > 0
                      AND s.kept > reserved_seats(s.id))
     ORDER BY o.office, o.lane, o.day
$$;

-- Days of a case's entry with a free seat, for which nobody else waits: who asks there need not wait.
CREATE FUNCTION paspor.days_without_others(p_number text) RETURNS TABLE (office text, lane text, day date)
LANGUAGE sql STABLE SET search_path = paspor, pg_temp AS $$
    SELECT DISTINCT s.office, s.lane, s.day
      FROM waiting w JOIN slot s ON s.office = w.office AND s.lane = w.lane AND s.day BETWEEN w.first_day AND w.last_day
     WHERE w.number = p_number AND w.state = 'waiting' AND s.taken < s.seats
       AND offer_end(s.office, s.starts_at) IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM waiting x WHERE x.state = 'waiting' AND x.office = s.office AND x.lane = s.lane
                          AND s.day BETWEEN x.first_day AND x.last_day AND x.id <> ALL (waiting_group(p_number)))
     ORDER BY s.day LIMIT 7
$$;
