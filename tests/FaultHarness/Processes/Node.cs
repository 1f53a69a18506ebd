using System.Diagnostics;

namespace DistTrain.FaultHarness.Processes;

/// <summary>One process of the product, which can be killed, paused and started again. All it prints goes to a file.</summary>
/// <param name="name">In reports, and of its file.</param>
/// <param name="place">Where it runs.</param>
/// <param name="command">Program and arguments.</param>
/// <param name="logFolder">Where the file is.</param>
sealed class Node(string name, Place place, IReadOnlyList<string> command, string logFolder) : IDisposable
{
    readonly Lock _lock = new();
    Process? _process;

    public string Name => name;

    public Place Place => place;

    public string LogPath => Path.Combine(logFolder, $"{name}.log");

    /// <summary>Of the last process; null before the first.</summary>
    public int? ProcessId => _process?.Id;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether its end is expected: it was told to leave, so nothing of it is judged.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>When the last process was started.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Of the last process; null while it runs.</summary>
    public int? ExitCode => _process is { HasExited: true } ended ? ended.ExitCode : null;

    public void Start()
    {
        if (IsRunning) throw new InvalidOperationException($"{name} runs already.");
        string[] whole = [.. place.Prefix, .. command];
        var start = new ProcessStartInfo(whole[0], whole[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Write($"--- {string.Join(' ', whole)}");
        _process?.Dispose();
        StartedAt = DateTimeOffset.UtcNow;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start.");
        _process.OutputDataReceived += (_, line) => Write(line.Data);
        _process.ErrorDataReceived += (_, line) => Write(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL: nothing is tidied up. Waits until it is gone.</summary>
    public void Kill()
    {
        if (!IsRunning) return;
        Signal.Send(_process!.Id, SignalNumber.Kill);
        _process.WaitForExit();
        Write("--- killed");
    }

    /// <summary>SIGSTOP: alive, and deaf.</summary>
    public void Pause() => Send(SignalNumber.Stop);

    /// <summary>SIGCONT: as if nothing had been.</summary>
    public void Continue() => Send(SignalNumber.Continue);

    /// <summary>SIGTERM: it may hand back what it has.</summary>
    public void Leave()
    {
        HasLeft = true;
        Send(SignalNumber.Terminate);
    }

    public void Dispose()
    {
        Kill();
        _process?.Dispose();
    }

    public override string ToString() => name;

    void Send(SignalNumber signal)
    {
        Write($"--- {signal}");
        if (IsRunning) Signal.Send(_process!.Id, signal);
    }

    void Write(string? line)
    {
        if (line is null) return;
        lock (_lock) File.AppendAllText(LogPath, $"{DateTime.UtcNow:HH:mm:ss.fff} {line}\n");
    }
}
