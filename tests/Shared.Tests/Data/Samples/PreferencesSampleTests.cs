using DistTrain.Data.Samples;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Samples;

public sealed class PreferencesSampleTests
{
    static readonly Table Table = SampleSpec.Parse("preferences,rows=20000").CreateTable();

    [Fact]
    public void It_has_users_items_and_preferences()
    {
        Assert.Equal(
            ["user_age_band", "user_occupation", "favourite_genre_1", "favourite_genre_2"],
            Table.Columns.OfType<TextColumn>().Select(column => column.Name));
        Assert.Equal(12, Table.Columns.OfType<NumericColumn>().Count());
        Assert.Equal("preference", Table.Label!.Name);
    }

    [Fact]
    public void Shares_of_the_labels_are_30_30_40()
    {
        var shares = Table.Label!.Codes.CountBy(code => Table.Label.Dictionary[code]).ToDictionary(
            pair => pair.Key, pair => pair.Value / 20_000.0);

        Assert.Equal(0.3, shares["dislike"], 3);
        Assert.Equal(0.3, shares["neutral"], 3);
        Assert.Equal(0.4, shares["like"], 3);
    }

    [Fact]
    public void Items_have_one_to_three_genres_a_year_and_a_price()
    {
        var genres = Numeric("item_genre_").ToArray();

        Assert.Equal(10, genres.Length);
        Assert.All(Enumerable.Range(0, Table.RowCount), row => Assert.InRange(genres.Sum(genre => genre[row]), 1, 3));
        Assert.All(Numeric("item_year").Single(), year => Assert.InRange(year, 1950, 2024));
        Assert.All(Numeric("item_price").Single(), price => Assert.InRange(price, 0.99, 29.99));
    }

    /// <summary>Naive Bayes over the columns, as a stand-in for a linear model: trained on one half, measured on the other.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Columns_tell_clearly_more_than_the_majority_and_far_from_all(int seed)
    {
        var table = SampleSpec.Parse($"preferences,rows=20000,seed={seed}").CreateTable();
        var half = table.RowCount / 2;
        var bayes = new NaiveBayes(table, half);

        var right = Enumerable.Range(half, half).Count(row => bayes.Predict(row) == table.Label!.Codes[row]);

        Assert.InRange(right / (double)half, 0.48, 0.75);
    }

    static IEnumerable<double[]> Numeric(string start) =>
        Table.Columns.OfType<NumericColumn>().Where(column => column.Name.StartsWith(start, StringComparison.Ordinal)).Select(column => column.Values);

    /// <summary>Counts of (column, value, label), numbers in ten bins.</summary>
    sealed class NaiveBayes
    {
        readonly int[][] _values;
        readonly Dictionary<(int Column, int Value, int Label), int> _counts = [];
        readonly int[] _labels = new int[3];

        public NaiveBayes(Table table, int trainingRows)
        {
            _values = [.. table.Columns.Select(column => column is TextColumn text ? text.Codes : Binned(((NumericColumn)column).Values))];
            for (var row = 0; row < trainingRows; row++)
            {
                var label = table.Label!.Codes[row];
                _labels[label]++;
                for (var c = 0; c < _values.Length; c++)
                    _counts[(c, _values[c][row], label)] = _counts.GetValueOrDefault((c, _values[c][row], label)) + 1;
            }
        }

        public int Predict(int row) => Enumerable.Range(0, 3).MaxBy(label => Math.Log(_labels[label]) + Enumerable.Range(0, _values.Length)
            .Sum(c => Math.Log((_counts.GetValueOrDefault((c, _values[c][row], label)) + 1.0) / (_labels[label] + 10))));

        static int[] Binned(double[] values)
        {
            var (min, max) = (values.Min(), values.Max());
            return [.. values.Select(value => (int)(9.999 * (value - min) / (max - min)))];
        }
    }
}
