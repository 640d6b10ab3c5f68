-- Limits of requests, and the waiting room. Nothing here locks a slot or a booking.

-- May these requests go on? `wait` is 0, or the seconds until the window of whoever was over ends. A request counts for
-- a person, an operator or a number (class, who) and for an address, and only when it may go on: exact, since each row is
-- locked, in the order of its key, before any is counted. The limits are the dated rule `limits` of today by the
-- capital's clock; a class that the rule does not name is not counted.
CREATE FUNCTION paspor.allow_requests(p_kinds text[], p_classes text[], p_whos text[], p_addresses text[])
RETURNS TABLE (ord bigint, wait int)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := clock_timestamp();
    v_rule jsonb := rule_value('limits', '', (v_now AT TIME ZONE 'Asia/Jakarta')::date);
    v_kinds text[];
    v_whos text[];
    v_counts int[];
    v_most int[];
    v_ends timestamptz[];
    r record;
BEGIN
    WITH asked AS (
        SELECT kind, class, who FROM unnest(p_kinds, p_classes, p_whos) AS q (kind, class, who) WHERE who <> ''
        UNION
        SELECT kind, 'address', address FROM unnest(p_kinds, p_addresses) AS q (kind, address) WHERE address <> ''),
    limited AS (
        SELECT kind, who, (v_rule -> kind -> class ->> 'most')::int AS most,
               (v_rule -> kind -> class ->> 'seconds')::int AS seconds
          FROM asked WHERE v_rule -> kind -> class IS NOT NULL),
    locked AS (
        INSERT INTO request_count AS c (kind, who, ends_at, count)
        SELECT kind, who, v_now + make_interval(secs => seconds), 0 FROM limited ORDER BY kind, who
        ON CONFLICT (kind, who) DO UPDATE SET
               count = CASE WHEN c.ends_at <= v_now THEN 0 ELSE c.count END,
               ends_at = CASE WHEN c.ends_at <= v_now THEN excluded.ends_at ELSE c.ends_at END
        RETURNING kind, who, count, ends_at)
    SELECT array_agg(k.kind ORDER BY k.kind, k.who), array_agg(k.who ORDER BY k.kind, k.who),
           array_agg(k.count ORDER BY k.kind, k.who), array_agg(m.most ORDER BY k.kind, k.who),
           array_agg(k.ends_at ORDER BY k.kind, k.who)
      INTO v_kinds, v_whos, v_counts, v_most, v_ends
      FROM locked k JOIN limited m ON m.kind = k.kind AND m.who = k.who;

    FOR r IN
        SELECT q.place, p.place AS person, a.place AS address
          FROM unnest(p_kinds, p_whos, p_addresses) WITH ORDINALITY AS q (kind, who, address, place)
          LEFT JOIN unnest(v_kinds, v_whos) WITH ORDINALITY AS p (kind, who, place) ON p.kind = q.kind AND p.who = q.who
          LEFT JOIN unnest(v_kinds, v_whos) WITH ORDINALITY AS a (kind, who, place)
                 ON a.kind = q.kind AND a.who = q.address
         ORDER BY q.place
    LOOP
        ord := r.place;
        wait := greatest(
            CASE WHEN v_counts[r.person] >= v_most[r.person] THEN ceil(extract(epoch FROM v_ends[r.person] - v_now)) END,
            CASE WHEN v_counts[r.address] >= v_most[r.address]
                 THEN ceil(extract(epoch FROM v_ends[r.address] - v_now)) END, 0);
        IF wait = 0 AND r.person IS NOT NULL THEN
            v_counts[r.person] := v_counts[r.person] + 1;
        END IF;
        IF wait = 0 AND r.address IS NOT NULL THEN
            v_counts[r.address] := v_counts[r.address] + 1;
        END IF;
        RETURN NEXT;
    END LOOP;

    UPDATE request_count c SET count = n.count
      FROM unnest(v_kinds, v_whos, v_counts) AS n (kind, who, count)
     WHERE c.kind = n.kind AND c.who = n.who AND c.count <> n.count;
END $$;

-- Places that came free are noted by ten seconds, so that who waits can be told how fast it goes.
CREATE FUNCTION paspor.note_freed(p_freed int, p_now timestamptz) RETURNS void
LANGUAGE sql SET search_path = paspor, pg_temp AS $$
    INSERT INTO room_pace AS p (since, freed)
    SELECT date_bin('10 seconds', p_now, '2000-01-01'), p_freed WHERE p_freed > 0
    ON CONFLICT (since) DO UPDATE SET freed = p.freed + excluded.freed
$$;

-- Somebody opens the page on which a seat is chosen, or asks for one. `ahead` is null for who is inside, and else how
-- many came earlier and wait too. Who is inside stays so as long as they come back within the rule's seconds, and only
-- then does the room have to be locked for others: people are let in by arrival, never more than there are places.
CREATE FUNCTION paspor.enter_room(p_whos text[]) RETURNS TABLE (ord bigint, ahead int)
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := clock_timestamp();
    v_rule jsonb := rule_value('waiting_room', '', (v_now AT TIME ZONE 'Asia/Jakarta')::date);
    v_places int := (v_rule ->> 'places')::int;
    v_stays interval := make_interval(secs => (v_rule ->> 'seconds')::int);
    v_patience interval := make_interval(secs => (v_rule ->> 'patience')::int);
    v_freed int;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    IF NOT EXISTS (
        SELECT 1 FROM unnest(p_whos) AS q (who) LEFT JOIN room_place r
            ON r.who = q.who AND r.admitted_at IS NOT NULL AND r.seen_at > v_now - v_stays
         WHERE r.who IS NULL) THEN
        -- Never waits for a row: whoever has it locked has just seen the person too.
        UPDATE room_place SET seen_at = v_now WHERE who IN (
            SELECT who FROM room_place WHERE who = ANY (p_whos) AND seen_at < v_now - interval '1 second'
               FOR NO KEY UPDATE SKIP LOCKED);
        RETURN QUERY SELECT q.place, NULL::int FROM unnest(p_whos) WITH ORDINALITY AS q (who, place);
        RETURN;
    END IF;

    PERFORM pg_advisory_xact_lock(18, 1);
    v_now := clock_timestamp();
    WITH gone AS (
        DELETE FROM room_place
         WHERE seen_at < v_now - CASE WHEN admitted_at IS NULL THEN v_patience ELSE v_stays END
        RETURNING admitted_at)
    SELECT count(admitted_at) FROM gone INTO v_freed;
    PERFORM note_freed(v_freed, v_now);
    INSERT INTO room_place (who, arrived_at, seen_at)
    SELECT who, v_now, v_now FROM unnest(p_whos) WITH ORDINALITY AS q (who, place) GROUP BY who ORDER BY min(place)
    ON CONFLICT (who) DO UPDATE SET seen_at = v_now;
    UPDATE room_place SET admitted_at = v_now, seen_at = v_now WHERE who IN (
        SELECT who FROM room_place WHERE admitted_at IS NULL ORDER BY arrival
         LIMIT greatest(v_places - (SELECT count(*) FROM room_place WHERE admitted_at IS NOT NULL), 0));
    RETURN QUERY
        SELECT q.place, l.ahead
          FROM unnest(p_whos) WITH ORDINALITY AS q (who, place)
          LEFT JOIN (SELECT who, (row_number() OVER (ORDER BY arrival) - 1)::int AS ahead
                       FROM room_place WHERE admitted_at IS NULL) AS l ON l.who = q.who
         ORDER BY q.place;
END $$;

-- People are done, or leave: their places are free at once.
CREATE FUNCTION paspor.leave_room(p_whos text[]) RETURNS void LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_freed int;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM pg_advisory_xact_lock(18, 1);
    WITH gone AS (DELETE FROM room_place WHERE who = ANY (p_whos) RETURNING admitted_at)
    SELECT count(admitted_at) FROM gone INTO v_freed;
    PERFORM note_freed(v_freed, clock_timestamp());
END $$;

-- A walk-in of today takes one place of the day's quota: a seat of the lane of those who need help, made for this person
-- in the same transaction, so that it neither oversells nor takes the seat of somebody who booked. Places of those who
-- were noted before for today are theirs until the day is over. `code` is ok, quota_used (noted for p_next, in order),
-- no_quota, not_bookable or has_seat; the same key gets the same answer. `place` counts from one, of the day or of the
-- list. A place whose seat lapsed is given again. Order of locks: the day's quota, slot, booking.
CREATE FUNCTION paspor.take_walk_in(
    p_office text, p_number text, p_ground bytea, p_by text, p_key text, p_next date,
    OUT code text, OUT booking_id uuid, OUT slot_id bigint, OUT place int, OUT day date
) LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := clock_timestamp();
    v_today date;
    v_offset int;
    v_places int;
    v_taken int;
    v_claimed int;
    v_case application;
    v_starts timestamptz;
    v_known walk_in;
BEGIN
    SELECT (v_now AT TIME ZONE time_zone)::date, utc_offset INTO v_today, v_offset FROM office WHERE id = p_office;
    SELECT q.places INTO v_places FROM walk_in_quota q WHERE q.office = p_office AND q.day = v_today FOR UPDATE;
    IF NOT FOUND THEN
        code := 'no_quota';
        RETURN;
    END IF;
    SELECT count(*) INTO v_taken
      FROM walk_in w JOIN booking b ON b.id = w.booking_id AND b.state IN ('offered', 'held', 'confirmed', 'used')
     WHERE w.office = p_office AND w.day = v_today;
    SELECT * INTO v_known FROM walk_in WHERE key = p_key || '/seat';
    IF v_known.state = 'seated' THEN
        code := 'ok';
        day := v_known.day;
        SELECT b.id, b.slot_id INTO booking_id, slot_id FROM booking b WHERE b.id = v_known.booking_id;
        place := (SELECT count(*) FROM walk_in w WHERE w.office = p_office AND w.day = v_known.day
                     AND w.state = 'seated' AND w.rank <= v_known.rank);
        RETURN;
    END IF;
    SELECT * INTO v_case FROM application WHERE number = p_number;
    code := CASE WHEN NOT FOUND OR NOT v_case.bookable THEN 'not_bookable'
                 WHEN EXISTS (SELECT 1 FROM booking WHERE person_key = v_case.person_key
                                 AND state IN ('offered', 'held', 'confirmed')) THEN 'has_seat' END;
    IF code IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT * INTO v_known FROM walk_in w WHERE w.number = p_number AND w.state = 'noted';
    SELECT count(*) INTO v_claimed FROM walk_in w
     WHERE w.office = p_office AND w.day = v_today AND w.state = 'noted' AND w.rank < coalesce(v_known.rank, 2 ^ 62);
    -- The next full quarter of an hour: a seat that lies ahead, as every seat that is held.
    v_starts := date_bin('15 minutes', v_now, '2000-01-01') + interval '15 minutes';
    IF v_taken + v_claimed >= v_places OR (v_starts AT TIME ZONE 'UTC' + v_offset * interval '1 hour')::date > v_today
    THEN
        code := 'quota_used';
        day := p_next;
        INSERT INTO walk_in (key, office, day, number, ground, state, recorded_by)
        VALUES (p_key, p_office, p_next, p_number, p_ground, 'noted', p_by)
        ON CONFLICT (number) WHERE state = 'noted' DO UPDATE SET day = excluded.day, office = excluded.office;
        place := (SELECT count(*) FROM walk_in w
                   WHERE w.office = p_office AND w.state = 'noted' AND w.day = p_next
                     AND w.rank <= (SELECT rank FROM walk_in WHERE number = p_number AND state = 'noted'));
        RETURN;
    END IF;
    INSERT INTO slot AS s (office, lane, day, starts_at, ends_at, seats, taken)
    VALUES (p_office, 'priority', v_today, v_starts, v_starts + interval '15 minutes', 1, 1)
    ON CONFLICT (office, lane, starts_at) DO UPDATE SET seats = s.seats + 1, taken = s.taken + 1
    RETURNING id INTO slot_id;
    INSERT INTO booking (slot_id, number, person_key, state, hold_until, key)
    VALUES (slot_id, p_number, v_case.person_key, 'held', hold_end(p_office, v_today), p_key)
    RETURNING id INTO booking_id;  -- who has got another seat meanwhile breaks this, and all of it is undone
    UPDATE walk_in_quota q SET taken = v_taken + 1 WHERE q.office = p_office AND q.day = v_today;
    UPDATE walk_in SET state = 'left' WHERE number = p_number AND state = 'noted';
    INSERT INTO walk_in (key, office, day, number, ground, state, booking_id, recorded_by)
    VALUES (p_key || '/seat', p_office, v_today, p_number, p_ground, 'seated', booking_id, p_by);
    INSERT INTO outbox (topic, number, workflow_id, key, body)
    SELECT 'seat_taken', p_number, v_case.workflow_id, booking_id || ':1', appointment(
               booking_id, s.id, s.office, s.lane, s.starts_at, s.ends_at, v_offset, 'held')
      FROM slot s WHERE s.id = slot_id;
    code := 'ok';
    place := v_taken + 1;
    day := v_today;
END $$;
