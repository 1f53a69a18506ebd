using System.Globalization;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

public sealed class EndToEndTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_table_is_trained_inspected_evaluated_and_used()
    {
        _cli.Write("taste.csv", SmallInput.Csv(600));

        var train = (await _cli.Run("train taste.csv --weight w --validation 0 --json")).Done();
        var inspect = (await _cli.Run("inspect runs/taste-1")).Done();
        var evaluate = (await _cli.Run("evaluate runs/taste-1 taste.csv --json")).Done();
        var predict = (await _cli.Run("predict runs/taste-1/model taste.csv")).Done();

        Assert.Equal("runs/taste-1", train.Json.GetProperty("run").GetString());
        Assert.Contains(train.Json.GetProperty("parametersSha256").GetString()!, inspect.Output, StringComparison.Ordinal);
        var (trained, judged) = (train.Json.GetProperty("training"), evaluate.Json);
        foreach (var field in (string[])["logLoss", "accuracy", "macroF1"])
            Assert.Equal(trained.GetProperty(field).GetDouble(), judged.GetProperty(field).GetDouble(), 1e-12);
        Assert.Equal(600, judged.GetProperty("examples").GetInt64());
        AssertAgrees(predict.Output, judged);
    }

    [Fact]
    public async Task A_sample_is_predicted_whatever_its_labels_are_called()
    {
        (await _cli.Run("sample preferences,rows=300 --out taste.csv")).Done();
        var lines = _cli.Read("taste.csv").TrimEnd('\n').Split('\n');
        _cli.Write("taste.csv", string.Concat(lines.Select((line, i) => i == 0 ? $"{line}\n" : $"{line}_renamed\n")));
        (await _cli.Run("train taste.csv --label preference --out run --max-steps 2")).Done();

        var predicted = (await _cli.Run("predict run sample:preferences,rows=10")).Done();

        Assert.Equal(11, predicted.Output.TrimEnd().Split('\n').Length);
    }

    [Theory, InlineData("[1]"), InlineData("{}"), InlineData("""{"options":{"l2":3},"inputs":[],"command":"train"}""")]
    public async Task A_folder_with_options_of_another_program_is_no_run(string options)
    {
        _cli.Write("other/options.json", options);

        var result = await _cli.Run("inspect other");

        Assert.Equal(ExitCode.Unreadable, result.Code);
        Assert.StartsWith("error DT7006: other/options.json: not the file of a run\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_result_object_has_the_contracts_fields_and_no_others()
    {
        _cli.Write("taste.csv", SmallInput.Csv(600));

        var result = (await _cli.Run("train taste.csv --out here --workers 3 --json --ignore w")).Done().Json;

        Assert.Equal(
            ["run", "model", "examples", "features", "classes", "shards", "workers", "optimizer", "steps", "evaluations", "epochs",
                "converged", "stoppedBy", "objective", "suboptimalityBound", "gradientMax", "training", "validation", "parametersSha256",
                "seconds", "examplesPerSecond"],
            Names(result));
        Assert.Equal(
            ["logLoss", "accuracy", "macroF1", "examples", "topK", "brierScore", "expectedCalibrationError", "perClass"],
            Names(result.GetProperty("training")));
        Assert.Equal(
            ["logLoss", "accuracy", "macroF1", "examples", "majorityAccuracy", "topK", "brierScore", "expectedCalibrationError", "rocAuc", "perClass"],
            Names(result.GetProperty("validation")));
        Assert.Equal(("here", "here/model", 3), (result.GetProperty("run").GetString(), result.GetProperty("model").GetString(), result.GetProperty("workers").GetInt32()));
        Assert.Equal(600, result.GetProperty("examples").GetInt32() + result.GetProperty("validation").GetProperty("examples").GetInt32());
        Assert.True(result.GetProperty("converged").GetBoolean());
        Assert.Equal("tolerance", result.GetProperty("stoppedBy").GetString());
    }

    [Fact]
    public async Task What_has_no_value_is_absent()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));

        var result = (await _cli.Run("train taste.csv --validation 0 --l2 0 --max-steps 3 --json")).Done().Json;

        Assert.False(result.TryGetProperty("validation", out _));
        Assert.False(result.TryGetProperty("suboptimalityBound", out _));
        Assert.Equal("steps", result.GetProperty("stoppedBy").GetString());
        Assert.False(result.GetProperty("converged").GetBoolean());
    }

    [Fact]
    public async Task The_run_folder_keeps_options_data_events_log_and_model()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));

        (await _cli.Run("train taste.csv --l2 1e-3 --seed 7")).Done();

        Assert.Equal(
            ["dataset.json", "events.jsonl", "log.txt", "model", "options.json", "report.html", "result.json", "terms"],
            Directory.EnumerateFileSystemEntries(_cli.PathOf("runs/taste-1")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["model.json", "parameters.safetensors"],
            Directory.EnumerateFiles(_cli.PathOf("runs/taste-1/model")).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        var options = _cli.ReadJson("runs/taste-1/options.json").GetProperty("options");
        Assert.Equal((0.001, "command line"), Option(options, "l2", value => value.GetDouble()));
        Assert.Equal((7, "command line"), Option(options, "seed", value => value.GetInt32()));
        Assert.Equal((1e-5, "default"), Option(options, "tolerance", value => value.GetDouble()));
        Assert.Equal(("label", "guessed"), Option(options, "label", value => value.GetString()));
        Assert.Equal((Environment.ProcessorCount, "default"), Option(options, "workers", value => value.GetInt32()));
        Assert.Equal(("csv", "detected"), Option(options, "format", value => value.GetString()));
        Assert.Equal((",", "detected"), Option(options, "delimiter", value => value.GetString()));
        Assert.Equal(("utf-8", "default"), Option(options, "encoding", value => value.GetString()));
        Assert.Equal((200, "default"), Option(options, "max-steps", value => value.GetInt32()));
        Assert.Equal((JsonValueKind.Null, "default"), Option(options, "learning-rate", value => value.ValueKind));
        var dataset = _cli.ReadJson("runs/taste-1/dataset.json");
        Assert.Equal(300, dataset.GetProperty("trainingRows").GetInt32() + dataset.GetProperty("validationRows").GetInt32());
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_cli.PathOf("taste.csv")))),
            dataset.GetProperty("files")[0].GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Options_hold_what_a_run_of_adam_on_libsvm_detected()
    {
        _cli.Write("x.svm", string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 2} {1 + i % 3}:{i % 2 + i % 5}\n")));

        (await _cli.Run("train x.svm --optimizer adam --epochs 2 --out r")).Done();

        var options = _cli.ReadJson("r/options.json").GetProperty("options");
        Assert.Equal(("libsvm", "detected"), Option(options, "format", value => value.GetString()));
        Assert.Equal((1, "detected"), Option(options, "index-base", value => value.GetInt32()));
        Assert.Equal((0.05, "default"), Option(options, "learning-rate", value => value.GetDouble()));
        Assert.Equal(("cosine", "default"), Option(options, "learning-rate-schedule", value => value.GetString()));
        Assert.Equal((JsonValueKind.Null, "default"), Option(options, "label", value => value.ValueKind));
    }

    [Theory, InlineData("lbfgs", "gradient "), InlineData("adam --epochs 3 --batch-size 50", "evaluations ")]
    public async Task The_log_has_a_line_for_each_step_join_and_finish(string optimizer, string afterObjective)
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));

        var steps = (await _cli.Run($"train taste.csv --json --workers 2 --out r --optimizer {optimizer}")).Done().Json.GetProperty("steps").GetInt32();

        var log = _cli.Read("r/log.txt").Split('\n');
        Assert.Equal(2, log.Count(line => line.EndsWith(": threads 1, workers 1", StringComparison.Ordinal) || line.EndsWith(": threads 1, workers 2", StringComparison.Ordinal)));
        Assert.Single(log, line => line.Contains("Finished: steps ", StringComparison.Ordinal));
        var told = log.Where(line => line.Contains(": Step ", StringComparison.Ordinal)).ToList();
        Assert.InRange(told.Count, steps, steps + 1);
        Assert.All(told, line => Assert.Matches($"Step [0-9]+: objective [^ ]+, {afterObjective}[^ ]+,", line));
        Assert.DoesNotContain(log, line => line.Contains(" debug Akka", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_with_commas_stand_in_quotes()
    {
        _cli.Write("t.csv", "\"a,b\",c,size,label\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 3},{i % 2},{i % 7},{"xy"[i % 2]}\n")));

        var result = (await _cli.RunArgs(["train", "t.csv", "--ignore", "\"a,b\",c", "--out", "r"])).Done();

        Assert.Contains("columns   numeric: size (", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_event_is_a_line_with_time_and_name()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        (await _cli.Run("train taste.csv --workers 2")).Done();

        var events = _cli.Read("runs/taste-1/events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.All(events, e => Assert.Equal(DateTimeKind.Utc, e.GetProperty("time").GetDateTime().Kind));
        var names = events.Select(e => e.GetProperty("event").GetString()).ToList();
        Assert.Equal("started", names[0]);
        Assert.Equal("finished", names[^1]);
        Assert.Equal(2, names.Count(name => name == "workerJoined"));
        var steps = events.Where(e => e.GetProperty("event").GetString() == "step").ToList();
        Assert.Equal(Enumerable.Range(0, steps.Count), steps.Select(step => step.GetProperty("step").GetInt32()));
        Assert.All(steps, step => Assert.True(step.GetProperty("objective").GetDouble() > 0));
    }

    [Fact]
    public async Task A_run_is_never_overwritten()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        (await _cli.Run("train taste.csv --out mine")).Done();
        (await _cli.Run("train taste.csv")).Done();
        (await _cli.Run("train taste.csv")).Done();

        var again = await _cli.Run("train taste.csv --out mine");

        Assert.Equal(ExitCode.Configuration, again.Code);
        Assert.StartsWith("error DT3201: --out mine: the folder holds a run\n", again.Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_cli.PathOf("runs/taste-2/model")));
    }

    [Theory]
    [InlineData("sgd --weight-decay 0.1", "--weight-decay has no meaning for sgd")]
    [InlineData("ftrl --learning-rate-schedule step --warmup 3", "--learning-rate-schedule, --warmup have no meaning for ftrl")]
    [InlineData("lbfgs --clip-norm 1", "--clip-norm has no meaning for lbfgs")]
    public async Task Options_typed_in_vain_are_told_once(string optimizer, string warning)
    {
        _cli.Write("taste.csv", SmallInput.Csv(60));

        var result = (await _cli.Run($"train taste.csv --out r --max-steps 2 --optimizer {optimizer}")).Done();

        Assert.Equal(2, result.Error.Split($"warning: {warning}\n").Length);
    }

    [Fact]
    public async Task The_report_says_what_was_trained_how_good_it_is_and_what_to_type_next()
    {
        _cli.Write("taste.csv", SmallInput.Csv(600));

        var result = (await _cli.Run("train taste.csv --ignore w --epochs 3")).Done();

        foreach (var part in (string[])["data      ", "(majority class ", "of the best possible", "macro-F1", "class  ", "observed \\ label", "saved     runs/taste-1/model", "disttrain predict runs/taste-1 INPUT"])
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Contains("warning: --epochs has no meaning for lbfgs\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("--label", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output + result.Error);
    }

    [Fact]
    public async Task Synthetic_data_is_called_so_wherever_its_results_are_shown()
    {
        var train = (await _cli.Run("train sample:preferences,rows=2000 --out s")).Done();
        var quiet = (await _cli.Run("train sample:preferences,rows=2000 --out q --json --quiet")).Done();
        (await _cli.Run("sample preferences,rows=500,seed=2 --out p.csv")).Done();
        var evaluate = (await _cli.Run("evaluate s p.csv")).Done();
        var inspect = (await _cli.Run("inspect s")).Done();

        foreach (var text in (string[])[train.Output, quiet.Error, evaluate.Output, inspect.Output])
            Assert.Contains("generated data", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_in_a_file_is_the_sample()
    {
        (await _cli.Run("sample preferences,rows=1500,seed=3 --out p.csv.gz")).Done();
        var direct = (await _cli.Run("train sample:preferences,rows=1500,seed=3 --json --out a")).Done();
        var byFile = (await _cli.Run("train p.csv.gz --json --out b")).Done();

        Assert.Equal(direct.Json.GetProperty("parametersSha256").GetString(), byFile.Json.GetProperty("parametersSha256").GetString());
    }

    [Fact]
    public async Task Values_unseen_in_training_are_reported_and_labels_are_not_needed()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        _cli.Write("new.csv", "size,colour\n1,red\n2,violet\n0.5,violet\n");
        (await _cli.Run("train taste.csv --ignore w --out m")).Done();

        var result = (await _cli.Run("predict m new.csv --top 2 --out p.csv")).Done();

        Assert.Contains("column \"colour\": 2 rows with a value that training did not have, such as \"violet\"", result.Error, StringComparison.Ordinal);
        var lines = _cli.Read("p.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("label,p:dislike,p:like,p:neutral,top1,top2", lines[0]);
        Assert.Equal(4, lines.Length);
        Assert.All(lines[1..], line => Assert.Equal(line.Split(',')[0], line.Split(',')[4]));
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_class_without_training_rows_is_kept_with_probability_0()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        _cli.Write("new.csv", "size,colour\n1,red\n");
        (await _cli.RunArgs(["train", "taste.csv", "--ignore", "w", "--classes", "love,like,neutral,dislike", "--out", "m"])).Done();

        var lines = (await _cli.Run("predict m new.csv")).Done().Output.Split('\n');

        Assert.Equal("label,p:love,p:like,p:neutral,p:dislike", lines[0]);
        Assert.Equal("0", lines[1].Split(',')[1]);
    }

    [Fact]
    public async Task A_damaged_model_exits_7()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        (await _cli.Run("train taste.csv --out m")).Done();
        var path = _cli.PathOf("m/model/parameters.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);

        var result = await _cli.Run("predict m taste.csv");
        var missing = await _cli.Run("evaluate n taste.csv");

        Assert.Equal((ExitCode.Unreadable, ExitCode.Unreadable), (result.Code, missing.Code));
        Assert.StartsWith(
            "error DT7001: m/model/parameters.safetensors: the file ends in its numbers\n", result.Error, StringComparison.Ordinal);
        Assert.StartsWith("error DT7005: n: no model here\n", missing.Error, StringComparison.Ordinal);
    }

    static (T Value, string? Origin) Option<T>(JsonElement options, string name, Func<JsonElement, T> read)
    {
        var option = options.GetProperty(name);
        return (read(option.GetProperty("value")), option.GetProperty("origin").GetString());
    }

    static string[] Names(JsonElement json) => [.. json.EnumerateObject().Select(property => property.Name)];

    /// <summary>The weighted share of right labels among the predictions is the evaluation's accuracy.</summary>
    static void AssertAgrees(string csv, JsonElement evaluation)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("label,p:dislike,p:like,p:neutral", lines[0]);
        var observed = SmallInput.Csv(600).Split('\n')[1..601].Select(line => line.Split(',')).ToArray();
        var rows = lines[1..].Select(line => line.Split(',')).ToArray();
        Assert.Equal(600, rows.Length);
        Assert.All(rows, row => Assert.Equal(1, row[1..].Sum(p => double.Parse(p, CultureInfo.InvariantCulture)), 1e-12));
        var right = rows.Zip(observed).Where(pair => pair.First[0] == pair.Second[3]).Sum(
            pair => int.Parse(pair.Second[2], CultureInfo.InvariantCulture));
        var total = observed.Sum(row => int.Parse(row[2], CultureInfo.InvariantCulture));
        Assert.Equal((double)right / total, evaluation.GetProperty("accuracy").GetDouble(), 1e-12);
    }
}
