"""Yearly figures and the wettest month, from the monthly rows of the warehouse."""

from statistics import fmean


def main(data, ctx):
    months = data["months"]
    if not months:
        raise ValueError("the warehouse has no months of " + data["city"])
    years = {}
    for month in months:
        years.setdefault(month["year"], []).append(month)
    wettest = max(months, key=lambda month: month["rain_mm"])
    ctx.log.info(f"{len(months)} months in {len(years)} years")
    return {
        "city": data["city"],
        "months": len(months),
        "wettest": {key: wettest[key] for key in ("year", "month", "rain_mm")},
        "years": [
            {
                "year": year,
                "rain_mm": round(sum(month["rain_mm"] for month in of), 1),
                "mean_max_c": round(fmean(month["mean_max_c"] for month in of), 2),
            }
            for year, of in sorted(years.items())
        ],
    }
