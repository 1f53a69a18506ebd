using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;
using Xunit.Abstractions;

namespace DistTrain.Cli.Tests;

/// <summary>prepare, --format dataset, and what looks at a dataset.</summary>
public sealed class DatasetTests(ITestOutputHelper output) : IDisposable
{
    const string Sparse = "sample:sparse,rows=3000,features=500,classes=3,nonzeros=8,values=floats";

    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("sample:preferences,rows=3000", "lbfgs")]
    [InlineData("sample:preferences,rows=3000", "adam --batch-size 256 --epochs 2 --calibrate temperature")]
    [InlineData("sample:dense,rows=3000,features=6,classes=4", "lbfgs --standardize --class-weight balanced")]
    [InlineData(Sparse, "lbfgs")]
    [InlineData(Sparse, "ftrl --batch-size 256 --epochs 2 --l1 1e-4")]
    [InlineData("sample:dense,rows=3000,features=6,classes=4", "lbfgs", "--storage bf16")]
    public async Task Training_from_a_dataset_gives_the_same_bits_as_from_what_it_was_prepared_from(
        string input, string optimizer, string options = "")
    {
        var training = $"--optimizer {optimizer} --max-steps 12 --json --quiet";
        (await _cli.Run($"prepare {input} {options} --out d --quiet")).Done();

        Assert.Equal(
            HashOf((await _cli.Run($"train {input} {options} {training}")).Done()),
            HashOf((await _cli.Run($"train d --format dataset {training}")).Done()));
    }

    [Fact]
    public async Task The_options_of_the_dataset_are_those_of_preparing()
    {
        const string Options = "--validation 0.2 --shards 5 --weight w --categorical size --seed 3";
        _cli.Write("taste.csv", SmallInput.Csv(600));
        (await _cli.Run($"prepare taste.csv {Options} --out d")).Done();

        var direct = (await _cli.Run($"train taste.csv {Options} --out a --json --quiet")).Done();
        var prepared = (await _cli.Run("train d --seed 3 --out b --json --quiet")).Done();

        Assert.Equal(HashOf(direct), HashOf(prepared));
        Assert.Equal(5, prepared.Json.GetProperty("shards").GetInt32());
        var (before, after) = (_cli.ReadJson("a/model/model.json"), _cli.ReadJson("b/model/model.json"));
        Assert.Equal(before.ToString(), after.ToString());
        Assert.Equal(_cli.Read("a/dataset.json"), _cli.Read("b/dataset.json"));
    }

    [Fact]
    public async Task Real_tables_train_to_the_same_bits()
    {
        if (SharedData.Find("nursery/nursery.csv", output) is not { } path) return;
        (await _cli.Run($"prepare {path} --label class --out d")).Done();

        Assert.Equal(
            HashOf((await _cli.Run($"train {path} --label class --max-steps 20 --json --quiet")).Done()),
            HashOf((await _cli.Run("train d --max-steps 20 --json --quiet --workers 3")).Done()));
    }

    [Fact]
    public async Task Preparing_twice_gives_the_same_bytes()
    {
        (await _cli.Run($"prepare {Sparse} --out a")).Done();
        (await _cli.Run($"prepare {Sparse} --out b")).Done();

        var names = Directory.EnumerateFiles(_cli.PathOf("a")).Select(path => Path.GetFileName(path)).Order().ToList();
        Assert.Equal(names, Directory.EnumerateFiles(_cli.PathOf("b")).Select(path => Path.GetFileName(path)).Order());
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(_cli.PathOf($"a/{name}")), File.ReadAllBytes(_cli.PathOf($"b/{name}"))));
    }

    [Fact]
    public async Task Prepare_says_what_it_made()
    {
        _cli.Write("taste.csv", SmallInput.Csv(600) + "red,huge,1,like\n");
        var result = (await _cli.Run("prepare taste.csv --label label --numeric size --bad-rows skip --out d/ --json")).Done();

        var json = result.Json;
        Assert.Equal("d/", json.GetProperty("dataset").GetString());
        Assert.Equal(600, json.GetProperty("trainingRows").GetInt32() + json.GetProperty("validationRows").GetInt32());
        Assert.Equal(1, json.GetProperty("badRows").GetInt32());
        Assert.Contains("DT4202", result.Error);
        Assert.Equal(
            json.GetProperty("manifestSha256").GetString(),
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_cli.PathOf("d/manifest.json")))));
        Assert.Equal(["d", "taste.csv"], Directory.EnumerateFileSystemEntries(_cli.Root).Select(path => Path.GetFileName(path)).Order());
    }

    [Theory]
    [InlineData("train d --label x", "DT3209: --label has no meaning for a dataset")]
    [InlineData("train d --shards 3", "DT3209: --shards has no meaning for a dataset")]
    [InlineData("train d --validation 0.2", "DT3209: --validation has no meaning for a dataset")]
    [InlineData("train d --folds 3", "DT3209: --folds has no meaning for a dataset")]
    [InlineData("train d --classes a,b", "DT3209: --classes has no meaning for a dataset")]
    [InlineData("train d d --format dataset", "DT3210: a dataset is an input of its own")]
    [InlineData("train sample:dense --format dataset", "DT3210: a dataset is an input of its own")]
    [InlineData("evaluate m d --missing mean", "DT3209: --missing has no meaning for a dataset")]
    [InlineData("prepare d --out e", "DT3210: d is a dataset already")]
    [InlineData("prepare sample:dense,rows=100 --out d", "DT3213: --out d: the folder is not empty")]
    public async Task What_has_no_meaning_for_a_dataset_is_refused(string line, string message)
    {
        (await _cli.Run("prepare sample:dense,rows=200 --out d")).Done();

        var result = await _cli.Run(line);

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains($"error {message}", result.Error);
        Assert.Single(Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    [Theory]
    [InlineData("train nowhere --format dataset", "DT4701: nowhere: there is no dataset here", ExitCode.Input)]
    [InlineData("prepare sample:dense,rows=100", "DT2001", ExitCode.CommandLine)]
    [InlineData("prepare --out e", "DT2003", ExitCode.CommandLine)]
    [InlineData("prepare sample:dense,rows=100 --out e --bad-rows quarantine", "DT3203", ExitCode.Configuration)]
    [InlineData("prepare taste.csv --out e --bad-rows quarantine", "DT3119", ExitCode.Configuration)]
    public async Task What_cannot_work_says_why(string line, string message, ExitCode code)
    {
        var result = await _cli.Run(line);

        Assert.Equal(code, result.Code);
        Assert.Contains($"error {message}", result.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    [Fact]
    public async Task A_damaged_file_is_named()
    {
        (await _cli.Run("prepare sample:dense,rows=200 --out d")).Done();
        var shard = _cli.PathOf("d/training-00000.arrow");
        var bytes = File.ReadAllBytes(shard);
        bytes[^70] ^= 1;
        File.WriteAllBytes(shard, bytes);

        foreach (var line in (string[])["train d --dry-run", "inspect d"]) await IsRefused(line);
        Assert.Single(Directory.EnumerateFileSystemEntries(_cli.Root));
        await IsRefused("train d");

        async Task IsRefused(string line)
        {
            var result = await _cli.Run(line);
            Assert.Equal(ExitCode.Input, result.Code);
            Assert.Contains("error DT4705: d/training-00000.arrow: damaged", result.Error);
        }
    }

    [Fact]
    public async Task A_run_on_a_dataset_is_resumed_on_it()
    {
        (await _cli.Run($"prepare {Sparse} --out d")).Done();
        var whole = HashOf((await _cli.Run("train d --max-steps 14 --checkpoint-every 2steps --out r --json --quiet")).Done());
        File.Delete(_cli.PathOf("r/result.json"));
        foreach (var last in Directory.EnumerateFiles(_cli.PathOf("r/checkpoints"), "*14-*").ToList()) File.Delete(last);

        Assert.Equal(whole, HashOf((await _cli.Run("train --resume r --json --quiet")).Done()));
    }

    [Theory]
    [InlineData("sample:preferences,rows=2000", "lbfgs")]
    [InlineData(Sparse, "lbfgs --class-weight balanced")]
    public async Task A_model_judges_a_dataset_as_it_judges_its_tables(string input, string optimizer)
    {
        (await _cli.Run($"train {input} --optimizer {optimizer} --max-steps 9 --out m --quiet")).Done();
        (await _cli.Run($"prepare {input} --seed 5 --validation 0.3 --out d")).Done();

        var tables = (await _cli.Run($"evaluate m {input} --json --quiet")).Done().Json;
        var dataset = (await _cli.Run("evaluate m d --json --quiet")).Done().Json;

        Assert.Equal(tables.GetProperty("examples").GetInt32(), dataset.GetProperty("examples").GetInt32());
        foreach (var field in (string[])["logLoss", "accuracy", "macroF1", "brierScore"])
            Assert.Equal(tables.GetProperty(field).GetDouble(), dataset.GetProperty(field).GetDouble(), 1e-6);
    }

    [Fact]
    public async Task A_dataset_that_does_not_fit_a_model_is_refused_with_everything_that_differs()
    {
        _cli.Write("a.csv", "x,y,label\n" + Rows(i => $"{i % 7},{i % 5},{(i % 3 == 0 ? "p" : "q")}\n"));
        _cli.Write("b.csv", "x,z,label\n" + Rows(i => $"t{i % 7},{i % 5},{(i % 3 == 0 ? "p" : "r")}\n"));
        (await _cli.Run("train a.csv --max-steps 3 --out m")).Done();
        (await _cli.Run("prepare b.csv --out d")).Done();

        var result = await _cli.Run("evaluate m d");

        Assert.Equal(ExitCode.Input, result.Code);
        Assert.Contains("error DT4708: d: its classes are p, r", result.Error);
        Assert.Contains("error DT4708: d: its column \"x\" is of another kind", result.Error);
        Assert.Contains("error DT4708: d: it has no column \"y\"", result.Error);
    }

    [Fact]
    public async Task Inspect_shows_what_is_in_it()
    {
        _cli.Write("taste.csv", SmallInput.Csv(600));
        (await _cli.Run("prepare taste.csv --weight w --out d")).Done();

        var text = (await _cli.Run("inspect d")).Done().Output;
        var json = (await _cli.Run("inspect d --json")).Done().Json;

        Assert.Contains("label     label", text);
        Assert.Contains("weight    w", text);
        Assert.Contains("all have the SHA-256 of the manifest", text);
        Assert.Contains("from      taste.csv, SHA-256 ", text);
        Assert.Equal(_cli.ReadJson("d/manifest.json").ToString(), json.ToString());
    }

    [Fact]
    public async Task Predictions_need_tables()
    {
        (await _cli.Run("train sample:dense,rows=200 --max-steps 2 --out m")).Done();
        (await _cli.Run("prepare sample:dense,rows=200 --out d")).Done();

        var result = await _cli.Run("predict m d");

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.StartsWith("error DT2002: predict of a dataset is not available", result.Error);
    }

    static string Rows(Func<int, string> row) => string.Concat(Enumerable.Range(0, 100).Select(row));

    static string HashOf(CliResult result) => result.Json.GetProperty("parametersSha256").GetString()!;
}
