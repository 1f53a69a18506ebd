using System.Collections.Concurrent;
using System.Threading.Channels;
using DistTrain.Coordinator.Training;
using DistTrain.Node.CommandLine;
using DistTrain.Training;
using Spectre.Console;

namespace DistTrain.Coordinator.Output;

/// <summary>
/// Steps as a live table of the last few, on a terminal. As long as it is shown, its loop alone writes there: lines of others wait their
/// turn and come above the table.
/// </summary>
sealed class LiveProgress : INoticeSink, IAsyncDisposable
{
    const int RowCount = 10;
    static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(100);

    readonly ProgressTracker _tracker = new();
    readonly ConcurrentQueue<string> _lines = [];

    /// <summary>The last few steps; null where there is only a line to write.</summary>
    readonly Channel<Progress?> _steps = Channel.CreateBounded<Progress?>(
        new BoundedChannelOptions(RowCount) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    readonly Talk _talk;
    readonly TimeProvider _clock;
    readonly IAnsiConsole _console;
    readonly Task _showing;

    public LiveProgress(TextWriter terminal, Talk talk, TimeProvider clock)
    {
        (_talk, _clock) = (talk, clock);
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal),
            Interactive = InteractionSupport.Yes,
            // Only on Windows must escape sequences be switched on, which detection does. Elsewhere it would, where in doubt, ask the
            // terminal for its cursor and wait for an answer.
            Ansi = OperatingSystem.IsWindows() ? AnsiSupport.Detect : AnsiSupport.Yes,
        });
        _talk.Yield(WriteAbove);
        _showing = ShowAsync();
    }

    public void Take(DateTimeOffset time, TrainingNotice notice)
    {
        if (_tracker.Take(notice) is { } progress) _steps.Writer.TryWrite(progress);
    }

    /// <summary>Shows what is left and gives the terminal back.</summary>
    public async ValueTask DisposeAsync()
    {
        _steps.Writer.TryComplete();
        await _showing;
        _talk.Yield(null);
        WriteLines();
    }

    void WriteAbove(string line)
    {
        _lines.Enqueue(line);
        _steps.Writer.TryWrite(null);
    }

    void WriteLines()
    {
        while (_lines.TryDequeue(out var line)) _console.WriteLine(line);
    }

    Task ShowAsync()
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var heading in (string[])["step", "objective", "gradient", "held out", "evaluations", "rows/s", "elapsed", "left"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        return _console.Live(table).StartAsync(async context =>
        {
            while (await _steps.Reader.WaitToReadAsync())
            {
                while (_steps.Reader.TryRead(out var progress))
                {
                    if (progress is not null) Add(table, progress);
                }
                WriteLines();
                context.Refresh();
                await Task.WhenAny(Task.Delay(FrameTime, _clock), _steps.Reader.Completion);
            }
        });
    }

    static void Add(Table table, Progress progress)
    {
        if (table.Rows.Count == RowCount) table.RemoveRow(0);
        table.AddRow(
            Figures.Count(progress.Step.Step),
            Figures.Value(progress.Step.Objective),
            progress.Step.GradientMax is { } gradient ? Figures.Small(gradient) : "",
            progress.HeldOutLogLoss is { } logLoss ? Figures.Value(logLoss) : "",
            Figures.Count(progress.Step.Evaluations),
            progress.RowsPerSecond is { } rate ? Figures.Rate(rate) : "",
            Figures.Duration(progress.Elapsed),
            progress.TimeLeft is { } left ? Figures.About(left) : "");
    }
}
