using System.Collections.Immutable;
using System.Text;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Numerics;

namespace DistTrain.Node.CommandLine;

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

    /// <summary>Names of the options that stand on the command line because settings have them, not because they were typed.</summary>
    public IReadOnlySet<string> FromSettings { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>The processor has the instructions that equal bits rest on.</summary>
    public bool ProcessorIsSupported { get; init; } = ArithmeticSelfTest.IsSupported;

    /// <summary>Bytes that this process may have: the machine's, or its container's.</summary>
    public long MemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>For computations of the command itself: reading input, the optimizer's arithmetic.</summary>
    public IParallelFor Parallel { get; init; } = SerialFor.Instance;

    /// <summary>A live display is shown: on a terminal that nobody asked to keep plain.</summary>
    public bool IsLive =>
        ErrorIsTerminal && string.IsNullOrEmpty(Variable("NO_COLOR")) && string.IsNullOrEmpty(Variable("CI")) && Variable("TERM") != "dumb";

    public static CliEnvironment OfProcess(StopSignal stop) => new()
    {
        Output = WriterOf(Console.OpenStandardOutput()),
        Error = WriterOf(Console.OpenStandardError()),
        ErrorIsTerminal = !Console.IsErrorRedirected,
        Variable = Environment.GetEnvironmentVariable,
        Directory = Environment.CurrentDirectory,
        Clock = TimeProvider.System,
        Stop = stop,
        Parallel = new ThreadedFor(Environment.ProcessorCount),
    };

    static TextWriter WriterOf(Stream stream) =>
        TextWriter.Synchronized(
            new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" });

    /// <summary>Sees to it that nothing writes an escape byte where nobody wants any; to be called before anything is written.</summary>
    /// <remarks>
    /// The runtime sets a terminal up at the first byte that goes through its console, whichever stream it is for, with what TERM knows
    /// ("ESC [ ? 1 h ESC ="). A dumb terminal has no such strings.
    /// </remarks>
    public void KeepPlain()
    {
        if (!IsLive) Environment.SetEnvironmentVariable("TERM", "dumb");
    }

    /// <summary>A path as typed, made absolute.</summary>
    public string FullPath(string path) => Path.GetFullPath(path, Directory);
}
