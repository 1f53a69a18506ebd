using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests.BadInput;

/// <summary>What becomes of rows that are left out, beyond what transcripts say.</summary>
public sealed class BadRowsTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData("skip"), InlineData("quarantine")]
    public async Task A_table_without_its_bad_rows_gives_the_same_bits(string rule)
    {
        var good = SmallInput.Csv(200).Split('\n');
        _cli.Write("good.csv", string.Join('\n', good));
        _cli.Write("bad.csv", string.Join('\n', [good[0], "red,1", .. good[1..90], "red,NaN,1,like", "x,y,z,", .. good[90..]]));

        var plain = (await _cli.Run("train good.csv --out good --weight w --json --quiet --workers 1")).Done().Json;
        var skipped = (await _cli.Run($"train bad.csv --out bad --weight w --json --quiet --workers 1 --bad-rows {rule}")).Done().Json;

        Assert.Equal(plain.GetProperty("parametersSha256").GetString(), skipped.GetProperty("parametersSha256").GetString());
        Assert.Equal(3, skipped.GetProperty("badRows").GetInt32());
        Assert.False(plain.TryGetProperty("badRows", out _));
        Assert.Equal(rule == "quarantine", File.Exists(_cli.PathOf("bad/bad-rows.jsonl")));
    }

    [Fact]
    public async Task Without_bad_rows_nothing_is_kept()
    {
        _cli.Write("good.csv", SmallInput.Csv(60));

        (await _cli.Run("train good.csv --out run --quiet --workers 1 --bad-rows quarantine")).Done();

        Assert.False(File.Exists(_cli.PathOf("run/bad-rows.jsonl")));
    }

    [Fact]
    public async Task Evaluate_counts_the_rows_it_leaves_out()
    {
        _cli.Write("good.csv", SmallInput.Csv(60));
        _cli.Write("some.csv", SmallInput.Csv(20) + "red,1,1,unheard-of\nred,1\n");
        (await _cli.Run("train good.csv --out run --quiet --workers 1")).Done();

        var result = (await _cli.Run("evaluate run some.csv --json --bad-rows skip --max-bad 10%")).Done();

        Assert.Equal(20, result.Json.GetProperty("examples").GetInt32());
        Assert.Equal(2, result.Json.GetProperty("badRows").GetInt32());
        Assert.Contains("warning: 2 of 22 rows are malformed and left out:\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prediction_has_a_line_for_each_row_and_the_numbers_of_the_good_ones()
    {
        var good = SmallInput.Csv(50).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _cli.Write("good.csv", string.Join('\n', good));
        _cli.Write("bad.csv", string.Join('\n', [good[0], "red", .. good[1..20], "blue,?,1,", "green,inf,1,", .. good[20..], "red"]));
        (await _cli.Run("train good.csv --out run --quiet --workers 1")).Done();

        var plain = (await _cli.Run("predict run good.csv --quiet --top 2")).Done().Output.Split('\n');
        var gapped = (await _cli.Run("predict run bad.csv --quiet --top 2 --bad-rows skip")).Done().Output.Split('\n');

        Assert.Equal(plain.Length + 4, gapped.Length);
        Assert.Equal([1, 21, 22, 54], gapped.Index().Where(line => line.Item == ",,,,,").Select(line => line.Index));
        Assert.Equal(plain, gapped.Where(line => line != ",,,,,"));
    }
}
