using DistTrain.Data.Tables;
using Xunit.Abstractions;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

/// <summary>Public data sets, where they lie in a folder shared/data above the checkout.</summary>
public sealed class RealFilesTests(ITestOutputHelper output)
{
    [Fact]
    public void Nursery_has_eight_text_columns_and_five_classes()
    {
        if (Find("nursery/nursery.csv") is not { } file) return;

        var table = Read([file]);

        Assert.Equal(12_960, table.RowCount);
        Assert.Equal(8, table.Columns.Length);
        Assert.All(table.Columns, column => Assert.IsType<TextColumn>(column));
        Assert.Contains("label     \"class\" (guessed; --label NAME to change)", table.Findings);
        Assert.Equal(
            ["not_recom", "priority", "recommend", "spec_prior", "very_recom"], table.Label!.Dictionary.Order(StringComparer.Ordinal));
        Assert.Equal(12_961, table.Lines[^1]);
    }

    [Fact]
    public void Movietweetings_ratings_have_no_header()
    {
        if (Find("movietweetings-100k/ratings.dat") is not { } file) return;

        var problem = Refused(() => Read([file]));

        Assert.Equal("ratings.dat:1: the first line holds only numbers, so it looks like data, not like a header", problem.Message);
    }

    [Fact]
    public void Restaurant_users_mix_text_and_numbers()
    {
        if (Find("restaurant-consumer/users.csv") is not { } file) return;

        var table = Read([file], new TableOptions { Label = "budget", Ignore = ["userID"] });

        Assert.Equal(135, table.RowCount);
        Assert.Equal(
            ["birth_year", "weight", "height"], table.Columns.OfType<NumericColumn>().Select(column => column.Name));
    }

    MemoryFile? Find(string path)
    {
        if (SharedData.Find(path) is { } found) return new MemoryFile(Path.GetFileName(found), File.ReadAllBytes(found));
        output.WriteLine($"shared/data/{path} is not here: nothing was checked.");
        return null;
    }
}
