using System.Runtime.InteropServices;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>Ctrl-C and SIGTERM: the first asks the work to stop, the second leaves at once.</summary>
sealed class StopSignal : IDisposable
{
    static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(200);

    readonly CancellationTokenSource _source = new();
    readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that the first signal asks for; null as long as there was none.</summary>
    public ExitCode? Received { get; private set; }

    /// <summary>What is done before the second signal ends the process at once; null for nothing.</summary>
    public Action? BeforeLeaving { get; set; }

    /// <summary>Listens to the signals of this process.</summary>
    public static StopSignal OfProcess()
    {
        var stop = new StopSignal();
        stop.Listen(PosixSignal.SIGINT, ExitCode.Interrupted);
        stop.Listen(PosixSignal.SIGTERM, ExitCode.Terminated);
        return stop;
    }

    /// <summary>What the signal of an exit code is called.</summary>
    public static string NameOf(ExitCode signal) => signal == ExitCode.Terminated ? "SIGTERM" : "SIGINT";

    /// <summary>Handles one signal; false if it is not the first, so that the process should end now.</summary>
    public bool Raise(ExitCode code)
    {
        lock (_registrations)
        {
            if (Received is not null) return false;
            Received = code;
        }
        _source.Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _source.Dispose();
    }

    void Listen(PosixSignal signal, ExitCode code) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        if (Raise(code)) return;
        Leave();
        Environment.Exit((int)code);
    }));

    /// <summary>Does <see cref="BeforeLeaving"/>, but does not wait long for it: a terminal may be stopped.</summary>
    public void Leave()
    {
        if (BeforeLeaving is not { } last) return;
        var thread = new Thread(() => last()) { IsBackground = true, Name = "last words" };
        thread.Start();
        thread.Join(Grace);
    }
}
