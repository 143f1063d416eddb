-- One statement, so that a repeated try replaces the year and never doubles it.
with months as (
  select * from jsonb_to_recordset($3::jsonb)
    as m (month integer, days integer, wet_days integer, rain_mm numeric, mean_max_c numeric, mean_min_c numeric)
)
insert into weather_months (city, year, month, days, wet_days, rain_mm, mean_max_c, mean_min_c)
select $1::text, $2::integer, month, days, wet_days, rain_mm, mean_max_c, mean_min_c from months
on conflict (city, year, month) do update set
  days = excluded.days, wet_days = excluded.wet_days, rain_mm = excluded.rain_mm,
  mean_max_c = excluded.mean_max_c, mean_min_c = excluded.mean_min_c, loaded_at = now();
