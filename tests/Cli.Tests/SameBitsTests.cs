using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests;

public sealed class SameBitsTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("sample:dense,rows=3000,features=6,classes=4", "lbfgs")]
    [InlineData("sample:dense,rows=3000,features=6,classes=4", "adam --batch-size 256 --epochs 2")]
    [InlineData("sample:dense,rows=3000,features=16,classes=3", "lbfgs --storage bf16 --suboptimality 1e-6")]
    [InlineData("sample:dense,rows=3000,features=16,classes=10", "adam --storage bf16 --batch-size 256 --epochs 2")]
    [InlineData("sample:preferences,rows=3000", "lbfgs --storage bf16 --warm-start online")]
    [InlineData("sample:sparse,rows=3000,features=500,classes=3,nonzeros=8", "lbfgs")]
    [InlineData("sample:sparse,rows=3000,features=500,classes=3,nonzeros=8", "adam --batch-size 256 --epochs 2")]
    [InlineData("sample:preferences,rows=3000", "lbfgs --l1 1e-3 --standardize")]
    [InlineData("sample:preferences,rows=3000", "gd")]
    [InlineData("sample:preferences,rows=3000", "sgd --batch-size 256 --epochs 2 --clip-norm 0.1 --warmup 5")]
    [InlineData("sample:preferences,rows=3000", "ftrl --batch-size 256 --epochs 2")]
    [InlineData("sample:sparse,rows=3000,features=500,classes=3,nonzeros=8", "momentum --batch-size 256 --epochs 2 --clip-norm 0.1")]
    [InlineData("sample:sparse,rows=3000,features=500,classes=7,nonzeros=8", "adagrad --batch-size 256 --epochs 2 --l1 1e-4")]
    [InlineData("sample:sparse,rows=3000,features=500,classes=2,nonzeros=8,values=floats", "ftrl --batch-size 256 --epochs 2 --l1 1e-4")]
    public async Task Any_number_of_workers_gives_the_same_bits(string input, string optimizer)
    {
        var hashes = new HashSet<string>();
        foreach (var workers in (int[])[1, 2, 3, 7])
            hashes.Add(await Hash($"train {input} --optimizer {optimizer} --shards 9 --max-steps 12 --workers {workers}"));

        Assert.Single(hashes);
    }

    [Fact]
    public async Task Other_data_seed_or_optimiser_gives_another_hash()
    {
        const string Line = "train sample:dense,rows=1000,features=4,classes=3,seed=1 --max-steps 3";
        string[] lines =
        [
            Line, $"{Line} --seed 2", $"{Line} --optimizer adam", $"{Line} --l2 0.1", $"{Line} --max-steps 4",
            Line.Replace("seed=1", "seed=2", StringComparison.Ordinal),
        ];
        var hashes = new List<string>();
        foreach (var line in lines.Select(line => line.Replace("--max-steps 3 --max-steps 4", "--max-steps 4", StringComparison.Ordinal)))
            hashes.Add(await Hash(line));

        Assert.Equal(lines.Length, hashes.Distinct().Count());
    }

    async Task<string> Hash(string line) =>
        (await _cli.Run($"{line} --json --quiet")).Done().Json.GetProperty("parametersSha256").GetString()!;
}
