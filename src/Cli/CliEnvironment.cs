using DistTrain.Learning;

namespace DistTrain.Cli;

/// <summary>What the program sees of the process it runs in; a test gives its own.</summary>
sealed record CliEnvironment
{
    /// <summary>Carries data.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Carries talk: findings, progress, warnings, errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal.</summary>
    public required bool ErrorIsTerminal { get; init; }

    /// <summary>An environment variable, or null.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>What relative paths are relative to.</summary>
    public required string Directory { get; init; }

    public required TimeProvider Clock { get; init; }

    public required StopSignal Stop { get; init; }

    /// <summary>The processor has the instructions that equal bits rest on.</summary>
    public bool ProcessorIsSupported { get; init; } = ArithmeticSelfTest.IsSupported;

    /// <summary>A live display is shown: on a terminal that nobody asked to keep plain.</summary>
    public bool IsLive =>
        ErrorIsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && string.IsNullOrEmpty(Variable("CI")) && Variable("TERM") != "dumb";

    public static CliEnvironment OfProcess(StopSignal stop) => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        Directory = Environment.CurrentDirectory,
        Clock = TimeProvider.System,
        Stop = stop,
    };

    /// <summary>A path as typed, made absolute.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Directory);
}
