using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Storage;

public class DatasetFingerprintTests
{
    static readonly DatasetOptions Options = new() { Shards = 2, ValidationFraction = 0.25 };

    [Fact]
    public void The_same_input_has_the_same_fingerprint()
    {
        Assert.Equal(FingerprintOf(Input()), FingerprintOf(Input()));
        Assert.Matches("^[0-9a-f]{64}$", FingerprintOf(Input()));
    }

    [Fact]
    public void Everything_that_the_arithmetic_sees_changes_it()
    {
        string[] fingerprints =
        [
            FingerprintOf(Input()),
            FingerprintOf(Input(), Options with { Seed = 2 }),
            FingerprintOf(Input(), Options with { Shards = 3 }),
            FingerprintOf(Input(), Options with { ValidationFraction = 0 }),
            FingerprintOf(Input(), Options with { Classes = ["b", "a"] }),
            FingerprintOf(Input(), Options with { DenseFormat = DenseFormat.Bf16 }),
            FingerprintOf(Input(number: 5.5)),
            FingerprintOf(Input(text: "w")),
            FingerprintOf(Input(label: "b")),
            FingerprintOf(Input(name: "z")),
            FingerprintOf(Input().Weighted([.. Enumerable.Repeat(2f, 40)])),
            FingerprintOf(SmallTables.Of(SmallTables.Alternating(40), Input().Columns[1], Input().Columns[0])),
        ];

        Assert.Equal(fingerprints.Length, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Numbers_beyond_the_first_piece_that_is_hashed_change_it()
    {
        const int RowCount = 20_000;
        var options = Options with { Shards = 1, ValidationFraction = 0 };
        var fingerprints = Enumerable.Range(0, 20).Select(changed => FingerprintOf(
            SmallTables.Of(SmallTables.Alternating(RowCount), SmallTables.Number("x", RowCount, row => row == changed ? -1 : row % 100)), options));

        Assert.Equal(20, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Where_rows_came_from_does_not_change_it()
    {
        var input = Input();
        var elsewhere = new Table
        {
            RowCount = input.RowCount,
            Columns = input.Columns,
            Label = input.Label,
            Weights = null,
            Files = [new TableFile("other.csv", 0, "")],
            Lines = [.. input.Lines.Select(line => line + 7)],
            Findings = [],
        };

        Assert.Equal(FingerprintOf(input), FingerprintOf(elsewhere));
    }

    static Table Input(double number = 5, string text = "u", string label = "a", string name = "x") =>
        SmallTables.Of(
            [label, .. SmallTables.Alternating(40)[1..]],
            SmallTables.Number(name, 40, row => row == 0 ? number : row),
            SmallTables.Text("c", 40, row => row == 0 ? text : row % 3 == 0 ? "u" : "v"));

    static string FingerprintOf(Table table, DatasetOptions? options = null) =>
        DatasetBuilder.Build(table, null, options ?? Options).Manifest.Fingerprint;
}
