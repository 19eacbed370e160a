CREATE FUNCTION _time_span (
    p_words     VARCHAR(64),
    p_time_zone VARCHAR(64)
)
    RETURNS JSON
    COMMENT '
Say which span of time some words name.

Days, weeks (from Monday), months and years are those of the time zone.

Parameters
  p_words      a year (2026), month (2026-12), day (2026-12-24) or moment
               (2026-12-24T18:30; with seconds, Z or +01:00 where wanted); now, today,
               yesterday, tomorrow; this, last or next week, month or year (last-month);
               last or next so many hours, days, weeks, months or years (last-7-days,
               of which today is one); empty for all time
  p_time_zone  an offset (+01:00), or a name that the server knows

Result
  an array of two moments in UTC, of which the second is outside; NULL if the words
  name nothing
'
    NOT DETERMINISTIC
    NO SQL
    SQL SECURITY DEFINER
BEGIN
    DECLARE v_words VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
                                DEFAULT REGEXP_REPLACE(LOWER(TRIM(p_words)), '^([0-9-]+)t', '$1 ');
    DECLARE v_now   DATETIME    DEFAULT CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', p_time_zone);
    DECLARE v_today DATE        DEFAULT DATE(v_now);
    DECLARE v_unit  VARCHAR(8)  DEFAULT REGEXP_SUBSTR(v_words, '(hour|day|week|month|year)(?=s?$)');
    DECLARE v_step  INT         DEFAULT FIELD(SUBSTRING_INDEX(v_words, '-', 1), 'last', 'this', 'next') - 2;
    DECLARE v_count INT;
    DECLARE v_zone  VARCHAR(64) DEFAULT p_time_zone;
    DECLARE v_offset VARCHAR(64) DEFAULT '(z|[+-][0-9]{2}:[0-9]{2})$';
    DECLARE v_from  DATETIME(6);
    DECLARE v_to    DATETIME(6);

    -- What ends with the year 9999 would end where MySQL has no time any more.
    DECLARE CONTINUE HANDLER FOR 1441 SET v_to = '9999-12-31 23:59:59';

    CASE
        WHEN v_words = '' THEN
            RETURN JSON_ARRAY(NULL, NULL);
        WHEN v_words = 'now' THEN
            SET v_from = v_now, v_to = v_now;
        WHEN v_words IN ('yesterday', 'today', 'tomorrow') THEN
            SET v_from = v_today + INTERVAL FIELD(v_words, 'yesterday', 'today', 'tomorrow') - 2 DAY,
                v_to   = v_from + INTERVAL 1 DAY;
        WHEN v_words REGEXP '^(last|this|next)-(week|month|year)$' THEN
            CASE v_unit
                WHEN 'week' THEN
                    SET v_from = v_today - INTERVAL WEEKDAY(v_today) DAY + INTERVAL v_step WEEK,
                        v_to   = v_from + INTERVAL 1 WEEK;
                WHEN 'month' THEN
                    SET v_from = v_today - INTERVAL DAYOFMONTH(v_today) - 1 DAY + INTERVAL v_step MONTH,
                        v_to   = v_from + INTERVAL 1 MONTH;
                ELSE
                    SET v_from = v_today - INTERVAL DAYOFYEAR(v_today) - 1 DAY + INTERVAL v_step YEAR,
                        v_to   = v_from + INTERVAL 1 YEAR;
            END CASE;
        WHEN v_words REGEXP '^(last|next)-[0-9]{1,3}-(hour|day|week|month|year)s?$' THEN
            SET v_count = v_step * REGEXP_SUBSTR(v_words, '[0-9]+');
            SET v_from = IF(v_unit = 'hour', v_now, IF(v_step < 0, v_today + INTERVAL 1 DAY, v_today));
            SET v_to = CASE v_unit
                           WHEN 'hour'  THEN v_from + INTERVAL v_count HOUR
                           WHEN 'day'   THEN v_from + INTERVAL v_count DAY
                           WHEN 'week'  THEN v_from + INTERVAL v_count WEEK
                           WHEN 'month' THEN v_from + INTERVAL v_count MONTH
                           ELSE              v_from + INTERVAL v_count YEAR
                       END;
        WHEN v_words REGEXP '^[0-9]{4}$' THEN
            SET v_from = CONCAT(v_words, '-01-01'), v_to = v_from + INTERVAL 1 YEAR;
        WHEN v_words REGEXP '^[0-9]{4}-(0[1-9]|1[0-2])$' THEN
            SET v_from = CONCAT(v_words, '-01'), v_to = v_from + INTERVAL 1 MONTH;
        WHEN v_words REGEXP '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND CAST(v_words AS DATETIME) IS NOT NULL THEN
            SET v_from = CAST(v_words AS DATETIME), v_to = v_from + INTERVAL 1 DAY;
        WHEN v_words REGEXP CONCAT(
                 '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?', REPLACE(v_offset, '$', '?$'))
             AND CAST(REGEXP_REPLACE(v_words, v_offset, '') AS DATETIME(6)) IS NOT NULL THEN
            SET v_zone = COALESCE(REPLACE(REGEXP_SUBSTR(v_words, v_offset), 'z', '+00:00'), p_time_zone),
                v_from = CAST(REGEXP_REPLACE(v_words, v_offset, '') AS DATETIME(6)),
                v_to   = v_from + INTERVAL CASE LENGTH(REGEXP_REPLACE(v_words, v_offset, ''))
                                               WHEN 16 THEN 60000000 WHEN 19 THEN 1000000 ELSE 1 END MICROSECOND;
        ELSE
            RETURN NULL;
    END CASE;

    SET v_from = CONVERT_TZ(v_from, v_zone, '+00:00'), v_to = CONVERT_TZ(v_to, v_zone, '+00:00');

    RETURN IF(v_from IS NULL OR v_to IS NULL, NULL, JSON_ARRAY(LEAST(v_from, v_to), GREATEST(v_from, v_to)));
END
