using System.Text;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>
/// The restaurant and consumer data as one table: a rating a line, joined with what is known of the person and of the restaurant.
/// </summary>
/// <remarks>
/// Three of the people who rate are not in the table of people: each of their columns then says "unmatched". Numbers that people have are
/// left out but for the decade of their birth; restaurants keep latitude and longitude as numbers. "serves" says whether a cuisine that the
/// restaurant has is among those the person likes. The label is the overall rating.
/// </remarks>
static class RestaurantConsumer
{
    const string Unmatched = "unmatched";

    static readonly string[] PersonColumns =
        ["smoker", "drink_level", "dress_preference", "ambience", "transport", "marital_status", "hijos", "interest", "personality", "activity", "color", "budget"];

    static readonly string[] PlaceColumns =
    [
        "latitude", "longitude", "city", "state", "country", "alcohol", "smoking_area", "dress_code", "accessibility", "price", "ambience", "franchise",
        "area", "other_services",
    ];

    /// <summary>The table as CSV; null where shared/data is not beside the checkout.</summary>
    public static string? Csv()
    {
        if (RealData.PathOf("restaurant-consumer/ratings.csv") is not { } ratings) return null;
        var folder = Path.GetDirectoryName(ratings)!;
        var people = ByKey(Rows(folder, "users.csv"), "userID");
        var places = ByKey(Rows(folder, "places.csv"), "placeID");
        var liked = Rows(folder, "user_cuisine.csv").ToLookup(row => row["userID"], row => row["Rcuisine"]);
        var served = Rows(folder, "place_cuisine.csv").ToLookup(row => row["placeID"], row => row["Rcuisine"]);

        var csv = new StringBuilder();
        csv.AppendJoin(',', [.. PersonColumns.Select(name => $"person_{name}"), "person_born", .. PlaceColumns.Select(name => $"place_{name}"), "serves", "rating"]);
        foreach (var rating in Rows(folder, "ratings.csv"))
        {
            var (user, place) = (rating["userID"], rating["placeID"]);
            var person = people.GetValueOrDefault(user);
            csv.Append('\n').AppendJoin(',',
            [
                .. PersonColumns.Select(name => person?[name] ?? Unmatched),
                person is null ? Unmatched : person["birth_year"][..3] + "0s",
                .. PlaceColumns.Select(name => places[place][name]),
                liked[user].Intersect(served[place]).Any() ? "yes" : "no",
                rating["rating"],
            ]);
        }
        return csv.Append('\n').ToString();
    }

    /// <summary>The rows of a CSV file without quotes, by column name.</summary>
    static List<Dictionary<string, string>> Rows(string folder, string file)
    {
        var lines = File.ReadAllLines(Path.Combine(folder, file)).Select(line => line.Split(',')).ToArray();
        return [.. lines.Skip(1).Select(cells => lines[0].Zip(cells).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    static Dictionary<string, Dictionary<string, string>> ByKey(List<Dictionary<string, string>> rows, string key) =>
        rows.ToDictionary(row => row[key]);
}
