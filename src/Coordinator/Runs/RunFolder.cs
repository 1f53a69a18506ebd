using System.Globalization;
using System.Text;
using DistTrain.Coordinator.Files;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Runs;

/// <summary>The folder of one run (docs/formats.md). Made when training starts; the run alone goes on in it.</summary>
sealed class RunFolder
{
    const string Options = "options.json";
    const string Runs = "runs";
    const string Report = "report.html";
    const string CheckpointsName = "checkpoints";
    const string DatasetName = "dataset.json";
    const string ShardsName = "dataset";

    RunFolder(string shown, string path) => (Shown, FullPath) = (shown, path);

    /// <summary>The path as people see it: relative where it was typed so.</summary>
    public string Shown { get; }

    public string FullPath { get; }

    public string ModelShown => $"{Shown}/{ModelFolder.Name}";

    public string ModelPath => Path.Combine(FullPath, ModelFolder.Name);

    public string EventsPath => Path.Combine(FullPath, "events.jsonl");

    public string LogPath => Path.Combine(FullPath, "log.txt");

    public string LogShown => $"{Shown}/log.txt";

    public string ResultPath => Path.Combine(FullPath, "result.json");

    public string QuarantinePath => Path.Combine(FullPath, QuarantineFile.Name);

    public string QuarantineShown => $"{Shown}/{QuarantineFile.Name}";

    public string ReportPath => Path.Combine(FullPath, Report);

    public string ReportShown => $"{Shown}/{Report}";

    public string TermsPath => Path.Combine(FullPath, "terms");

    public string CheckpointsPath => Path.Combine(FullPath, CheckpointsName);

    public string CheckpointsShown => $"{Shown}/{CheckpointsName}";

    public string OptionsShown => $"{Shown}/{Options}";

    public string OptionsPath => Path.Combine(FullPath, Options);

    public string DatasetPath => Path.Combine(FullPath, DatasetName);

    /// <summary>The dataset itself, where workers are to read it.</summary>
    public string ShardsPath => Path.Combine(FullPath, ShardsName);

    public string ShardsShown => $"{Shown}/{ShardsName}";

    /// <summary>Makes the folder of a fold of this run's cross-validation, with the same files in it but options and model.</summary>
    /// <param name="number">From 1.</param>
    public RunFolder CreateFold(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"folds/{number}");
        return new RunFolder($"{Shown}/{name}", Directory.CreateDirectory(Path.Combine(FullPath, name)).FullName);
    }

    /// <summary>Whether a folder holds a run, so that another one may not be written into it.</summary>
    public static bool HoldsRun(string path) => File.Exists(Path.Combine(path, Options));

    /// <summary>DT3201 where the folder typed with --out holds a run already; DT3204, DT3207 where none can be made.</summary>
    public static IEnumerable<Problem> ProblemsOf(string? typed, CliEnvironment environment)
    {
        if (typed is { Length: > 0 } && HoldsRun(environment.FullPath(typed))) return [Occupied(typed)];
        return OutputPath.ProblemsOfFolder(typed ?? Runs, environment);
    }

    /// <summary>A folder that may hold a run.</summary>
    public static RunFolder At(string typed, CliEnvironment environment)
    {
        var shown = Path.TrimEndingDirectorySeparator(typed);
        return new(shown, environment.FullPath(shown));
    }

    /// <summary>
    /// Makes the folder and takes it with its options, which are there whole or not at all: of two processes that want the same one, one
    /// gets it.
    /// </summary>
    /// <param name="typed">--out, or null for the next free runs/name-number.</param>
    /// <param name="name">What the run is about: its input.</param>
    /// <param name="options">The content of options.json.</param>
    /// <exception cref="DistTrainException">DT3201, exit 3: the folder holds a run.</exception>
    public static RunFolder Create(string? typed, string name, byte[] options, CliEnvironment environment)
    {
        if (typed is not null) return TryCreate(typed, options, environment) ?? throw Occupied(typed).AsException();
        while (true)
        {
            if (TryCreate(Next(name, environment), options, environment) is { } folder) return folder;
        }
    }

    /// <summary>The next free runs/name-number.</summary>
    public static string Next(string name, CliEnvironment environment)
    {
        for (var number = 1; ; number++)
        {
            var shown = string.Create(CultureInfo.InvariantCulture, $"{Runs}/{Safe(name)}-{number}");
            if (!Directory.Exists(environment.FullPath(shown))) return shown;
        }
    }

    /// <summary>
    /// DT9002, DT9003 where nothing can be written in the place of a folder yet to be made: a file is made beside it, and goes again.
    /// </summary>
    public static Problem? ProblemOfWriting(string typed, CliEnvironment environment)
    {
        try
        {
            OutputPath.Probe(environment.FullPath(typed));
            return null;
        }
        catch (Exception e) when (Mistakes.Foreseen(e) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>The same in one place; null where it holds a run.</summary>
    public static RunFolder? TryCreate(string shown, byte[] options, CliEnvironment environment)
    {
        var folder = At(shown, environment);
        Directory.CreateDirectory(folder.FullPath);
        return DurableFile.TryCreate(Disk.Instance, folder.OptionsPath, stream => stream.Write(options)) ? folder : null;
    }

    /// <summary>Removes what a process that died has left half written.</summary>
    public void RemoveTemporaries()
    {
        foreach (var file in Directory.EnumerateFiles(FullPath).Where(DurableFile.IsTemporary)) File.Delete(file);
        foreach (var folder in Directory.EnumerateDirectories(FullPath).Where(DurableFile.IsTemporary))
            Directory.Delete(folder, recursive: true);
    }

    static Problem Occupied(string typed) => new(
        "DT3201", ExitCode.Configuration, $"--out {typed}: the folder holds a run",
        "expected: a new or empty folder", $"fix: leave --out away, or name another folder; --resume {typed} goes on with that run");

    /// <summary>Letters, digits, dots and dashes only, so that the name is one on every system.</summary>
    static string Safe(string name)
    {
        var safe = new StringBuilder();
        foreach (var c in name) safe.Append(char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-');
        return safe.ToString().Trim('.', '-') is { Length: > 0 } trimmed ? trimmed : "run";
    }
}
