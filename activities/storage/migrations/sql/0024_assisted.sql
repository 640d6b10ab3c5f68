-- The day by the capital's clock, by which filings for citizens are counted.
CREATE FUNCTION paspor.capital_day() RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date
$$;

-- Count filings of an operator for citizens, for the operator and the institution, by the capital's day. Null when they
-- are within the limits of the rule `assistance`, else whose limit is reached (`operator`, `institution`); then none of
-- them is counted. A number that was counted before is not counted again. Order of locks: operator, institution.
CREATE FUNCTION paspor.count_assisted(p_numbers text[], p_operator text, p_institution text) RETURNS text
LANGUAGE plpgsql SET search_path = paspor, pg_temp AS $$
DECLARE
    v_day date := capital_day();
    v_rule jsonb := rule_value('assistance', p_institution, v_day);
    v_new int;
    v_full text;
    r record;
BEGIN
    INSERT INTO assisted_filing (number, operator, institution, day)
    SELECT n, p_operator, p_institution, v_day FROM unnest(p_numbers) AS n ORDER BY n ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_new = ROW_COUNT;
    FOR r IN SELECT * FROM (VALUES (1, 'operator', p_operator, (v_rule ->> 'operator_filings')::int),
                                   (2, 'institution', p_institution, (v_rule ->> 'institution_filings')::int))
                        AS w (place, scope, who, most) WHERE v_new > 0 ORDER BY place LOOP
        v_full := r.scope;
        EXIT WHEN v_new > r.most;
        INSERT INTO assisted_day AS d (day, scope, who, filings, most) VALUES (v_day, r.scope, r.who, v_new, r.most)
        ON CONFLICT (day, scope, who) DO UPDATE SET filings = d.filings + v_new, most = r.most
         WHERE d.filings + v_new <= r.most;
        EXIT WHEN NOT FOUND;
        v_full := NULL;
    END LOOP;
    IF v_full IS NOT NULL THEN  -- what was counted so far is undone
        RAISE EXCEPTION '%', v_full USING ERRCODE = 'PF002';
    END IF;
    RETURN NULL;
EXCEPTION WHEN SQLSTATE 'PF002' THEN
    RETURN v_full;
END $$;
