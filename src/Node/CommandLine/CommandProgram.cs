using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>The program: from arguments to an exit code. Every error that a user sees is printed here.</summary>
static class CommandProgram
{
    // Nothing is read from files named @file, and -abc is never three options: what is typed is what is meant.
    public static readonly ParserConfiguration Parsing = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };

    /// <summary>Runs the command that the arguments name.</summary>
    /// <param name="createRoot">Makes the whole command line; a program has one of its own.</param>
    public static Task<ExitCode> RunAsync(
        IReadOnlyList<string> args, Func<CliEnvironment, RootCommand> createRoot, CliEnvironment environment) =>
        RunAsync(args, () => (createRoot(environment), args), environment);

    /// <summary>Runs the command that a line names.</summary>
    /// <param name="typed">What the user typed.</param>
    /// <param name="prepare">Makes the command line, and what it is to read: what was typed and more.</param>
    public static async Task<ExitCode> RunAsync(
        IReadOnlyList<string> typed, Func<(RootCommand Root, IReadOnlyList<string> Line)> prepare, CliEnvironment environment)
    {
        IReadOnlyList<string> args = typed;
        try
        {
            (var root, args) = prepare();
            var parsed = CommandLineParser.Parse(root, args, Parsing);
            ProblemsFoundException.ThrowIfAny(ParseProblems.In(parsed));
            if (!ParseProblems.AsksForHelp(parsed)) ProblemsFoundException.ThrowIfAny(ProblemsOfProcessor(environment));
            return (ExitCode)await parsed.InvokeAsync(Invocation(environment), environment.Stop.Token);
        }
        catch (OperationCanceledException e) when (environment.Stop.Received is { } signal)
        {
            return ReportStop(e as StoppedException, signal, args, environment);
        }
        catch (Exception e)
        {
            return Report(ProblemsOf(e, environment), args, environment);
        }
    }

    /// <summary>One line for people; DT1301 on stdout where --json was asked for.</summary>
    static ExitCode ReportStop(StoppedException? stopped, ExitCode signal, IReadOnlyList<string> args, CliEnvironment environment)
    {
        var message = stopped?.Message ?? $"stopped by {StopSignal.NameOf(signal)} before anything was written";
        IfWritable(() => environment.Error.WriteLine(stopped is null ? message : $"{message}; {stopped.Consequence}"));
        if (args.Contains("--json")) IfWritable(() => ErrorBlock.WriteJson(environment.Output, [new("DT1301", signal, message)]));
        return signal;
    }

    // Signals are ours (StopSignal): the library's own handling would end the process two seconds after the first one.
    static InvocationConfiguration Invocation(CliEnvironment environment) => new()
    {
        Output = environment.Output,
        Error = environment.Error,
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = null,
    };

    static ImmutableArray<Problem> ProblemsOfProcessor(CliEnvironment environment) => environment.ProcessorIsSupported ? [] :
    [
        new("DT3002", ExitCode.Configuration, "this processor has no fused multiply-add (FMA) on vectors",
            "expected: an x64 processor with AVX2 and FMA, or an arm64 one: the promise of equal bits rests on it",
            "fix: run on another machine, or let the virtual machine pass these instructions through"),
    ];

    static ImmutableArray<Problem> ProblemsOf(Exception e, CliEnvironment environment) =>
        ProblemsFoundException.In(e) is { IsEmpty: false } found ? found : [Mistakes.ProblemOf(e, environment)];

    static ExitCode Report(ImmutableArray<Problem> problems, IReadOnlyList<string> args, CliEnvironment environment)
    {
        IfWritable(() => ErrorBlock.Write(environment.Error, problems));
        if (args.Contains("--json")) IfWritable(() => ErrorBlock.WriteJson(environment.Output, problems));
        return problems[0].ExitCode;
    }

    /// <summary>Last words: where the stream is full or closed, the exit code must do.</summary>
    static void IfWritable(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // There is nowhere left to say so.
        }
    }
}
