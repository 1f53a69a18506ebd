using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>The one writer of stderr: lines from any thread, one at a time, above a live display where there is one.</summary>
sealed class Talk(TextWriter error, bool isQuiet)
{
    const int WarningsMax = 100;

    readonly Lock _lock = new();
    readonly List<string> _warnings = [];
    Action<string>? _writeAbove;

    /// <summary>Whether notes are dropped.</summary>
    public bool IsQuiet => isQuiet;

    /// <summary>A line that one can do without: not written with --quiet.</summary>
    public void Note(string line)
    {
        if (!isQuiet) Write(line);
    }

    /// <summary>Two columns: what it is about, and the rest.</summary>
    public void Note(string topic, string text) => Note(Lines.Of(topic, text));

    /// <summary>Two columns that are always written.</summary>
    public void Say(string topic, string text) => Write(Lines.Of(topic, text));

    /// <summary>The first warnings so far; not more than a report has room for.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_lock) return [.. _warnings];
        }
    }

    /// <summary>A line that is always written.</summary>
    public void Warn(string text)
    {
        Keep(text);
        Write($"warning: {text}");
    }

    /// <summary>A warning with its code, and what to do about it on lines of their own.</summary>
    public void Warn(Problem warning)
    {
        Keep($"{warning.Code}: {string.Join("; ", [warning.Message, .. warning.Details])}");
        Write($"warning {warning.Code}: {warning.Message}");
        foreach (var detail in warning.Details) Write($"  {detail}");
    }

    /// <summary>While a live display owns the terminal, lines go through <paramref name="writeAbove"/>; null gives it back.</summary>
    public void Yield(Action<string>? writeAbove)
    {
        lock (_lock) _writeAbove = writeAbove;
    }

    void Keep(string warning)
    {
        lock (_lock)
        {
            if (_warnings.Count < WarningsMax) _warnings.Add(warning);
        }
    }

    void Write(string line)
    {
        lock (_lock)
        {
            if (_writeAbove is { } above) above(line);
            else error.WriteLine(line);
        }
    }
}
