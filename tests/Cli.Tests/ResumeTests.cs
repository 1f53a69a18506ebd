using System.Globalization;
using System.Text;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Files;
using DistTrain.Formats;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Cli.Tests;

/// <summary>Runs that were stopped or lost, and go on.</summary>
public sealed class ResumeTests : IDisposable
{
    const string Sample = "sample:dense,rows=2000,features=6,classes=3";

    /// <summary>A second or two of small steps, so that there is time to stop in between.</summary>
    const string Line = $"train {Sample} --optimizer adam --batch-size 100 --epochs 100000 --max-steps 3000 --tolerance 0 --checkpoint-every 1h";

    static readonly Lazy<Task<string>> Undisturbed = new(TrainUndisturbedAsync);

    readonly CliFolder _cli = new();

    public static TheoryData<string> Optimizers => [.. Enum.GetValues<OptimizerKind>().Select(Words.Of)];

    public void Dispose() => _cli.Dispose();

    [Theory, MemberData(nameof(Optimizers))]
    public async Task A_run_stopped_by_a_signal_ends_with_the_bits_of_the_undisturbed_one(string optimizer)
    {
        var line = $"train sample:dense,rows=20000,features=20,classes=5 --optimizer {optimizer} --tolerance 0 --batch-size 500 --epochs 1000";
        var limit = optimizer is "lbfgs" or "gd" ? 60 : 1000;
        var undisturbed = await ShaOf($"{line} --max-steps {limit} --out u");
        var stopped = await StopAsync($"{line} --max-steps {limit} --out r");

        var resumed = (await _cli.Run("train --resume r --json")).Done().Json;

        Assert.Matches(
            "^stopped at step (0 by SIGINT; nothing is saved yet|[0-9]+ by SIGINT; all of it is saved); to go on: disttrain train --resume r$",
            stopped.Error.TrimEnd('\n').Split('\n')[^1]);
        Assert.Equal(undisturbed, resumed.GetProperty("parametersSha256").GetString());
        Assert.InRange(resumed.GetProperty("resumedFromStep").GetInt32(), 0, limit);
    }

    [Theory, InlineData(3), InlineData(2), InlineData(1)]
    public async Task A_run_goes_on_from_its_newest_checkpoint(int checkpointCount)
    {
        await StopThreeTimesAsync();
        foreach (var newer in Checkpoints()[checkpointCount..]) File.Delete(newer);
        var (newest, step) = (Checkpoints()[^1], StepOf(Checkpoints()[^1]));

        var resumed = (await _cli.Run("train --resume r --json")).Done();

        Assert.Equal(await Undisturbed.Value, resumed.Json.GetProperty("parametersSha256").GetString());
        Assert.Equal(step, resumed.Json.GetProperty("resumedFromStep").GetInt32());
        Assert.EndsWith($"-{checkpointCount:D6}", newest, StringComparison.Ordinal);
        Assert.Matches($"\nresumed +from step [0-9,]+, r/checkpoints/{Path.GetFileName(newest)}\n", resumed.Error);
        var resumptions = Events().Where(e => e.GetProperty("event").GetString() == "resumed").ToList();
        Assert.Equal([2, 3, 4], resumptions.Select(e => e.GetProperty("term").GetInt32()));
        Assert.Equal(step, resumptions[^1].GetProperty("step").GetInt32());
        Assert.Equal("finished", Events()[^1].GetProperty("event").GetString());
        Assert.Equal(["1", "2", "3", "4"], Directory.EnumerateFiles(_cli.PathOf("r/terms")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Without_a_checkpoint_it_starts_at_step_0_and_says_so()
    {
        await StopAsync($"{Line} --out r");
        Directory.Delete(_cli.PathOf("r/checkpoints"), recursive: true);

        var resumed = (await _cli.Run("train --resume r --json")).Done();

        Assert.Contains("\nwarning: r has no whole checkpoint: it starts at step 0\n", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(await Undisturbed.Value, resumed.Json.GetProperty("parametersSha256").GetString());
        Assert.Equal(0, resumed.Json.GetProperty("resumedFromStep").GetInt32());
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_refused_by_name_and_the_one_before_is_used()
    {
        await StopThreeTimesAsync();
        var (before, newest) = (Checkpoints()[^2], Checkpoints()[^1]);
        var bytes = File.ReadAllBytes(newest);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(newest, bytes);

        var resumed = (await _cli.Run("train --resume r --json")).Done();

        var refusal = $"r/checkpoints/{Path.GetFileName(newest)}: damaged: its SHA-256 does not fit its content";
        Assert.Contains($"\nwarning: {refusal}; it is not used\n", resumed.Error, StringComparison.Ordinal);
        Assert.Contains(refusal, _cli.Read("r/log.txt"), StringComparison.Ordinal);
        Assert.Equal(StepOf(before), resumed.Json.GetProperty("resumedFromStep").GetInt32());
        Assert.Equal(await Undisturbed.Value, resumed.Json.GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public async Task Where_all_are_damaged_it_starts_at_step_0()
    {
        await StopThreeTimesAsync();
        foreach (var path in Checkpoints()) File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        var resumed = (await _cli.Run("train --resume r --json")).Done();

        Assert.Equal(3, resumed.Error.Split('\n').Count(line => line.EndsWith("damaged: its SHA-256 does not fit its content; it is not used", StringComparison.Ordinal)));
        Assert.Equal(0, resumed.Json.GetProperty("resumedFromStep").GetInt32());
        Assert.Equal(await Undisturbed.Value, resumed.Json.GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public async Task Checkpoints_of_another_run_alone_are_refused_with_every_difference()
    {
        await StopAsync($"{Line} --out r");
        await StopAsync($"{Line.Replace("--batch-size 100", "--batch-size 77", StringComparison.Ordinal)} --l2 0.01 --out other");
        Directory.Delete(_cli.PathOf("r/checkpoints"), recursive: true);
        Directory.Move(_cli.PathOf("other/checkpoints"), _cli.PathOf("r/checkpoints"));

        var result = await _cli.Run("train --resume r");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains(
            "error DT3223: --resume r: none of its checkpoints can lead to the bits of that run\n", result.Error, StringComparison.Ordinal);
        Assert.Contains(
            ": it is of a run with --batch-size 77 (here 100), --l2 0.01 (here 0.0001)\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_trained_with_another_penalty_than_the_folds_now_choose_is_refused()
    {
        const string Short = "train sample:dense,rows=150,features=30,classes=3 --folds 3 --l2 1e-5,1 --max-steps 1 --checkpoint-every 1steps --out r --json";
        var begun = (await _cli.Run(Short)).Done().Json;
        Assert.Equal(1e-5, begun.GetProperty("folds").GetProperty("l2").GetDouble());
        Directory.Delete(_cli.PathOf("r/model"), recursive: true);

        var same = (await _cli.Run("train --resume r --json")).Done().Json;
        Directory.Delete(_cli.PathOf("r/model"), recursive: true);
        var longer = await _cli.Run("train --resume r --max-steps 200");

        Assert.Equal(begun.GetProperty("parametersSha256").GetString(), same.GetProperty("parametersSha256").GetString());
        Assert.Equal(1, same.GetProperty("resumedFromStep").GetInt32());
        Assert.Equal(ExitCode.Configuration, longer.Code);
        Assert.Contains(": it is of a run with --l2 1E-05 (here 1)\n", longer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_the_mathematics_must_be_as_the_run_has_it_and_each_difference_is_named()
    {
        await StopAsync($"{Line} --out r");

        var result = await _cli.Run("train sample:dense,rows=10 --resume r --l2 0.5 --seed 1 --optimizer lbfgs --classes a,b");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Equal(
            ["error DT3221: --resume r: INPUT is sample:dense,rows=10, the run has sample:dense,rows=2000,features=6,classes=3",
                "error DT3221: --resume r: --l2 is 0.5, the run has 1e-4", "error DT3221: --resume r: --optimizer is lbfgs, the run has adam",
                "error DT3221: --resume r: --classes is a,b, the run has nothing"],
            result.Error.Split('\n').Where(line => line.StartsWith("error", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_is_typed_as_the_run_has_it_is_fine_and_limits_may_differ()
    {
        await StopAsync($"{Line} --out r");

        var resumed = (await _cli.Run(
            $"train {Sample} --resume r --l2 1e-4 --seed 1 --max-steps 2999 --workers 3 --tolerance 0 --checkpoint-every 2h --json --quiet --out r/")).Done();

        Assert.Equal((2999, 3), (resumed.Json.GetProperty("steps").GetInt32(), resumed.Json.GetProperty("workers").GetInt32()));
        Assert.StartsWith("synthetic ", Assert.Single(resumed.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        var options = _cli.ReadJson("r/options.json").GetProperty("options");
        Assert.Equal(2999, options.GetProperty("max-steps").GetProperty("value").GetInt32());
        Assert.Equal("2h", options.GetProperty("checkpoint-every").GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_file_that_bears_the_name_of_a_label_is_nothing_to_the_run()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        _cli.Write("label", "some text");
        (await _cli.Run("train taste.csv --label label --checkpoint-every 1steps --out r")).Done();
        Lose();
        _cli.Write("label", "other text");

        var resumed = (await _cli.Run("train --resume r --json")).Done();

        Assert.InRange(resumed.Json.GetProperty("resumedFromStep").GetInt32(), 1, int.MaxValue);
    }

    [Fact]
    public async Task Changed_input_is_refused()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        (await _cli.Run("train taste.csv --out r")).Done();
        Lose();
        _cli.Write("taste.csv", SmallInput.Csv(301));

        var result = await _cli.Run("train --resume r");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains(
            "\nerror DT3222: --resume r: the input is no longer what the run was begun with\n  expected: a dataset of fingerprint ",
            result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_run_shows_its_result_again()
    {
        var first = (await _cli.Run($"train {Sample} --max-steps 20 --tolerance 0 --out r --json")).Done().Json;
        var events = _cli.Read("r/events.jsonl");

        var json = (await _cli.Run("train --resume r --json")).Done();
        var text = (await _cli.Run("train --resume r")).Done();

        Assert.Equal(first.GetProperty("parametersSha256").GetString(), json.Json.GetProperty("parametersSha256").GetString());
        Assert.Empty(json.Error);
        Assert.Matches("\nresult    20 steps, [0-9]+ evaluations, stopped by steps, [0-9]+ workers?, ", text.Output);
        Assert.Matches("\nobjective 0\\.[0-9]+   within [0-9.]+e-[0-9]+ of the best possible   gradient ", text.Output);
        Assert.Matches("\nheld out  log-loss 0\\.[0-9]+   accuracy 0\\.[0-9]+   macro-F1 0\\.[0-9]+\n", text.Output);
        Assert.Equal(events, _cli.Read("r/events.jsonl"));
    }

    [Fact]
    public async Task A_run_resumed_with_a_limit_that_it_has_passed_ends_where_it_stands()
    {
        await StopAsync($"{Line} --out r");
        var step = StepOf(Checkpoints()[^1]);

        var resumed = (await _cli.Run("train --resume r --max-steps 1 --json")).Done();

        Assert.DoesNotContain("warning", resumed.Error, StringComparison.Ordinal);
        Assert.Equal((step, "steps"), (resumed.Json.GetProperty("steps").GetInt32(), resumed.Json.GetProperty("stoppedBy").GetString()));
    }

    [Fact]
    public async Task A_model_written_before_the_loss_is_written_again()
    {
        var undisturbed = await ShaOf($"train {Sample} --out r");
        File.Delete(_cli.PathOf("r/result.json"));
        Directory.CreateDirectory(DurableFile.TemporaryFor(_cli.PathOf("r/model")));
        File.WriteAllText(DurableFile.TemporaryFor(_cli.PathOf("r/result.json")), "{");
        File.WriteAllText(_cli.PathOf("r/notes.tmp"), "somebody's own");

        Assert.Equal(undisturbed, await ShaOf("train --resume r"));

        Assert.Equal(["notes.tmp"], Directory.EnumerateFileSystemEntries(_cli.PathOf("r"), "*.tmp").Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public async Task It_goes_on_in_another_folder_where_that_is_asked_for()
    {
        await StopAsync($"{Line} --out r");

        var resumed = (await _cli.Run("train --resume r --out s --json")).Done().Json;

        Assert.Equal(StepOf(Checkpoints()[^1]), resumed.GetProperty("resumedFromStep").GetInt32());
        Assert.Equal(await Undisturbed.Value, resumed.GetProperty("parametersSha256").GetString());
        Assert.True(Directory.Exists(_cli.PathOf("s/model")));
        Assert.False(Directory.Exists(_cli.PathOf("r/model")));
    }

    [Fact]
    public async Task Paths_of_the_run_start_where_they_did_when_it_was_begun()
    {
        _cli.Write("data/taste.csv", SmallInput.Csv(300));
        var undisturbed = await ShaOf("train data/taste.csv --out r");
        Lose();
        Directory.CreateDirectory(_cli.PathOf("elsewhere"));

        var resumed = (await _cli.Run("train --resume ../r --json", environment => environment with { Directory = _cli.PathOf("elsewhere") })).Done().Json;

        Assert.Equal(undisturbed, resumed.GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public async Task A_line_of_events_that_was_torn_off_is_dropped()
    {
        await StopAsync($"{Line} --out r");
        File.AppendAllText(_cli.PathOf("r/events.jsonl"), "{\"time\":\"2026-01-0");

        (await _cli.Run("train --resume r")).Done();

        var names = Events().Select(e => e.GetProperty("event").GetString()).ToList();
        Assert.Equal("stopped", names[names.IndexOf("resumed") - 1]);
    }

    [Fact]
    public async Task Who_is_followed_by_another_process_stops_with_5_and_leaves_no_model()
    {
        var result = await _cli.Run(
            $"{Line} --out r", environment => environment with
            {
                Error = new WriterThatActs("step ", () => File.WriteAllText(_cli.PathOf("r/terms/7"), "another process")),
            });

        Assert.Equal(ExitCode.Cluster, result.Code);
        Assert.Contains("error DT5002: another process goes on with this run: it has term 7, this one term 1\n", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("r/model")));
        Assert.False(File.Exists(_cli.PathOf("r/result.json")));
    }

    [Fact]
    public async Task A_disk_that_fails_costs_checkpoints_but_not_the_training()
    {
        _cli.Write("r/checkpoints", "a file where the folder should be");

        var result = (await _cli.Run($"{Line.Replace("1h", "1000steps", StringComparison.Ordinal)} --out r --json")).Done();

        Assert.Equal(await Undisturbed.Value, result.Json.GetProperty("parametersSha256").GetString());
        Assert.Contains(
            "\nwarning: The checkpoint of step 1000 could not be written, the one before stays: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(Events(), e => e.GetProperty("event").GetString() == "checkpointMissed");
    }

    [Fact]
    public async Task The_last_three_checkpoints_are_kept_with_their_size_and_time_in_the_events()
    {
        await StopThreeTimesAsync();
        await StopAsync("train --resume r");

        var saved = Events().Where(e => e.GetProperty("event").GetString() == "checkpoint").ToList();
        Assert.Equal(4, saved.Count);
        Assert.All(saved, e => Assert.True(e.GetProperty("seconds").GetDouble() > 0));
        Assert.Equal(saved[1..].Select(e => e.GetProperty("step").GetInt32()), Checkpoints().Select(StepOf));
        Assert.Equal(saved[1..].Select(e => e.GetProperty("bytes").GetInt64()), Checkpoints().Select(path => new FileInfo(path).Length));
    }

    [Theory]
    [InlineData("x", "error DT7006: x/options.json: not the file of a run\n  expected: ")]
    [InlineData("nothing", "error DT7104: --resume nothing: no run here\n  expected: the folder of a run, with options.json\n")]
    public async Task What_is_no_run_is_not_resumed(string run, string expected)
    {
        _cli.Write("x/options.json", "[1]");

        var result = await _cli.Run($"train --resume {run}");

        Assert.Equal(ExitCode.Unreadable, result.Code);
        Assert.StartsWith(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_occupied_folder_says_how_to_go_on()
    {
        (await _cli.Run($"train {Sample} --out r")).Done();

        var result = await _cli.Run($"train {Sample} --out r");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains(
            "fix: leave --out away, or name another folder; --resume r goes on with that run", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("soon", ExitCode.CommandLine, "error DT2001: --checkpoint-every is \"soon\"\n  expected: a duration, such as 30s, 10m or 1h30m, or a number of steps, such as 50steps\n")]
    [InlineData("0steps", ExitCode.Configuration, "error DT3001: --checkpoint-every is 0steps\n")]
    [InlineData("0s", ExitCode.Configuration, "error DT3001: --checkpoint-every is 0s\n")]
    public async Task An_interval_that_cannot_be_is_refused(string interval, ExitCode code, string expected)
    {
        var result = await _cli.Run($"train {Sample} --checkpoint-every {interval}");

        Assert.Equal(code, result.Code);
        Assert.StartsWith(expected, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_limits_and_places_are_free_when_a_run_goes_on()
    {
        Assert.All(
            (string[])["--max-steps", "--epochs", "--max-time", "--tolerance", "--workers", "--threads", "--checkpoint-every", "--out", "--json"],
            option => Assert.False(ResumeOptions.IsMathematics(option)));
        Assert.All(
            (string[])["--l2", "--l1", "--optimizer", "--seed", "--shards", "--batch-size", "--learning-rate", "--patience", "--class-weight"],
            option => Assert.True(ResumeOptions.IsMathematics(option)));
    }

    static async Task<string> TrainUndisturbedAsync()
    {
        using var cli = new CliFolder();
        return (await cli.Run($"{Line} --json")).Done().Json.GetProperty("parametersSha256").GetString()!;
    }

    /// <summary>A run with three checkpoints of three terms, each behind the other.</summary>
    async Task StopThreeTimesAsync()
    {
        foreach (var line in (string[])[$"{Line} --out r", "train --resume r", "train --resume r"]) await StopAsync(line);
        Assert.Equal(3, Checkpoints().Length);
    }

    /// <summary>Stops a run when it tells its first step.</summary>
    async Task<CliResult> StopAsync(string line)
    {
        var result = await _cli.Run(line, environment => environment with
        {
            Error = new WriterThatActs("step ", () => environment.Stop.Raise(ExitCode.Interrupted)),
        });
        Assert.True(result.Code == ExitCode.Interrupted, $"exit {result.Code}: {result.Error}");
        return result;
    }

    /// <summary>The end of a run as if it had not come.</summary>
    void Lose()
    {
        Directory.Delete(_cli.PathOf("r/model"), recursive: true);
        File.Delete(_cli.PathOf("r/result.json"));
    }

    async Task<string> ShaOf(string line) => (await _cli.Run($"{line} --json")).Done().Json.GetProperty("parametersSha256").GetString()!;

    string[] Checkpoints() => [.. Directory.EnumerateFiles(_cli.PathOf("r/checkpoints")).Order(StringComparer.Ordinal)];

    static int StepOf(string path) => int.Parse(Path.GetFileName(path).Split('-')[0], CultureInfo.InvariantCulture);

    List<JsonElement> Events() =>
        [.. _cli.Read("r/events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Does something when a line that begins so is written for the first time.</summary>
    sealed class WriterThatActs(string prefix, Action act) : StringWriter(new StringBuilder())
    {
        bool _hasActed;

        public override string NewLine => "\n";

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (_hasActed || !value!.StartsWith(prefix, StringComparison.Ordinal)) return;
            _hasActed = true;
            act();
        }
    }
}
