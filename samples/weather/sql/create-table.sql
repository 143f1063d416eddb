-- Two runs may come at once, and "if not exists" is not safe against itself.
select pg_advisory_xact_lock(hashtext('weather_months'));

create table if not exists weather_months (
  city text not null,
  year integer not null,
  month integer not null check (month between 1 and 12),
  days integer not null,
  wet_days integer not null,
  rain_mm numeric not null,
  mean_max_c numeric not null,
  mean_min_c numeric not null,
  loaded_at timestamptz not null default now(),
  primary key (city, year, month)
);
