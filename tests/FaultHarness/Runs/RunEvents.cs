using System.Text;

namespace DistTrain.FaultHarness.Runs;

/// <summary>Follows the events of a run while it writes them: the one witness of where it stands.</summary>
sealed class RunEvents(string path)
{
    // One evaluation that ends after a fault may have had all its answers before it. The second cannot.
    const int EvaluationsUntilRecovered = 2;

    readonly List<RunEvent> _events = [];
    long _position;

    /// <summary>All there are now.</summary>
    public IReadOnlyList<RunEvent> Read()
    {
        if (!File.Exists(path)) return _events;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (file.Length <= _position) return _events;
        file.Position = _position;
        var bytes = new byte[file.Length - _position];
        file.ReadExactly(bytes);
        var whole = Array.LastIndexOf(bytes, (byte)'\n') + 1; // What follows is still being written, or was cut off by a kill.
        _position += whole;
        foreach (var line in Encoding.UTF8.GetString(bytes, 0, whole).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _events.Add(RunEvent.Read(line));
        return _events;
    }

    /// <summary>Whether the run has its result or has failed.</summary>
    public bool HasEnded => Read().Any(happened => happened.Event is "finished" or "failed");

    /// <summary>The newest step since the newest start; 0 before the first.</summary>
    public int Step
    {
        get
        {
            var events = Read();
            for (var i = events.Count - 1; i >= 0 && !events[i].IsStart; i--)
            {
                if (events[i].Event == "step") return events[i].Step;
            }
            return 0;
        }
    }

    /// <summary>Where a fault proves something.</summary>
    public bool IsInMidRun => Step >= 1 && !HasEnded;

    /// <summary>When the run was seen to go on after a moment; null: not yet.</summary>
    public DateTimeOffset? WentOnAfter(DateTimeOffset moment)
    {
        var since = Read().Where(happened => happened.Time > moment).ToList();
        return Enumerable.Min([TimeOfLast("evaluation"), TimeOfLast("step")]);

        DateTimeOffset? TimeOfLast(string name) =>
            since.Where(happened => happened.Event == name).ElementAtOrDefault(EvaluationsUntilRecovered - 1)?.Time;
    }
}
