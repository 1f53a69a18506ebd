using System.Collections.Immutable;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>Users who like, dislike or do not mind items: 30, 30 and 40 of a hundred rows are dislike, neutral and like.</summary>
/// <remarks>
/// Who rates what follows a power law: few users are very active, few items very popular. A hidden taste gives each pair a score, cut at
/// its own quantiles. Part of it is a sum over the columns; part is not (whether an item has the user's favourite genre, how genres
/// fit ages, thrift, moods, quality, chance). So a linear model does clearly better than the most frequent label, and far from perfectly.
/// </remarks>
sealed record PreferencesSample(int Rows, int Users, int Items, ulong Seed) : SampleSpec
{
    public static readonly ImmutableArray<string> Keys = ["rows", "users", "items", "seed"];

    const int PeopleMax = 10_000_000;
    const int RowsPerUser = 40;
    const int RowsPerItem = 200;
    const double DislikeShare = 0.3;
    const double NeutralShare = 0.3;

    public override string Text => FormattableString.Invariant($"preferences,rows={Rows},users={Users},items={Items},seed={Seed}");

    public override TableFormat Format => TableFormat.Csv;

    public static PreferencesSample From(SampleArguments arguments)
    {
        var rows = arguments.Number("rows", 200_000, 1, RowsMax);
        return new PreferencesSample(
            rows,
            arguments.Number("users", Math.Max(20, rows / RowsPerUser), 1, PeopleMax),
            arguments.Number("items", Math.Max(50, rows / RowsPerItem), 1, PeopleMax),
            arguments.Seed());
    }

    public override Table CreateTable()
    {
        var users = Enumerable.Range(0, Users).Select(index => SampleUser.Draw(Seed, index)).ToArray();
        var items = Enumerable.Range(0, Items).Select(index => SampleItem.Draw(Seed, index)).ToArray();
        var taste = new HiddenTaste(Seed);
        var pairs = new (SampleUser User, SampleItem Item)[Rows];
        var scores = new double[Rows];
        for (var row = 0; row < Rows; row++)
        {
            var random = new CounterRandom(Seed, SampleStream.Row.Of(row));
            pairs[row] = (users[PowerLaw(Users, ref random)], items[PowerLaw(Items, ref random)]);
            scores[row] = taste.Score(pairs[row].User, pairs[row].Item, ref random);
        }
        return TableOf([.. UserColumns(pairs), .. ItemColumns(pairs)], Labels(scores));
    }

    static IEnumerable<TableColumn> UserColumns((SampleUser User, SampleItem Item)[] pairs) =>
    [
        Coded("user_age_band", pairs.Select(pair => SampleWords.AgeBands[pair.User.AgeBand])),
        Coded("user_occupation", pairs.Select(pair => SampleWords.Occupations[pair.User.Occupation])),
        Coded("favourite_genre_1", pairs.Select(pair => SampleWords.Genres[pair.User.FirstGenre])),
        Coded("favourite_genre_2", pairs.Select(pair => SampleWords.Genres[pair.User.SecondGenre])),
    ];

    static IEnumerable<TableColumn> ItemColumns((SampleUser User, SampleItem Item)[] pairs) =>
    [
        .. SampleWords.Genres.Select((genre, index) =>
            new NumericColumn($"item_genre_{genre}", [.. pairs.Select(pair => pair.Item.Has(index) ? 1.0 : 0.0)])),
        new NumericColumn("item_year", [.. pairs.Select(pair => (double)pair.Item.Year)]),
        new NumericColumn("item_price", [.. pairs.Select(pair => pair.Item.Price)]),
    ];

    static TextColumn Labels(double[] scores)
    {
        var ordered = scores.Order().ToArray();
        var neutralFrom = ordered[(int)(DislikeShare * scores.Length)];
        var likeFrom = ordered[(int)((DislikeShare + NeutralShare) * scores.Length)];
        return Coded("preference", scores.Select(score => score < neutralFrom ? "dislike" : score < likeFrom ? "neutral" : "like"));
    }

    static TextColumn Coded(string name, IEnumerable<string> texts)
    {
        var coded = new CodedText();
        foreach (var text in texts) coded.Add(text);
        return coded.ToColumn(name);
    }

    /// <summary>0 … count − 1; the share of number i falls as i^(−2/3).</summary>
    static int PowerLaw(int count, ref CounterRandom random)
    {
        var uniform = random.NextDouble();
        return (int)(count * (uniform * uniform * uniform));
    }
}
