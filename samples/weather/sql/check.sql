-- Fails (division by zero is an error) unless every city has whole years of plausible figures.
select count(*) as months,
       count(distinct year) as years,
       1 / (case when count(*) % 12 = 0 and min(days) >= 28 and max(days) <= 31 and min(rain_mm) >= 0 then 1 else 0 end) as ok
from weather_months;
