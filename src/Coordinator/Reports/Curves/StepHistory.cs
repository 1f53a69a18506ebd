namespace DistTrain.Coordinator.Reports.Curves;

/// <summary>The steps of a run in bounded memory: of very many, those where a figure is least or greatest among its neighbours.</summary>
sealed class StepHistory
{
    /// <summary>Steps kept before they are thinned.</summary>
    public const int PointsMax = 131_072;

    /// <summary>A group of so many steps keeps at most six: least and greatest of three figures.</summary>
    const int GroupSize = 24;

    static readonly Func<StepPoint, double?>[] Figures =
        [point => point.Objective, point => point.GradientMax, point => point.ValidationLogLoss];

    readonly List<Resumption> _resumptions = [];
    List<StepPoint> _points = [];
    double _secondsBefore;

    /// <summary>Steps in order, the first and the last always among them.</summary>
    public IReadOnlyList<StepPoint> Points => _points;

    public IReadOnlyList<Resumption> Resumptions => _resumptions;

    /// <summary>Steps told, thinned ones included; a step that was taken again counts once.</summary>
    public int StepCount { get; private set; }

    /// <summary>
    /// The mean objective of the steps of each epoch, at the epoch's last step; empty where steps were thinned, or where no epoch has
    /// several.
    /// </summary>
    public IReadOnlyList<StepPoint> EpochMeans()
    {
        if (_points.Count < StepCount) return [];
        var epochs = _points.Where(point => point.Objective is not null).GroupBy(EpochOf)
            .Select(epoch => epoch.Last() with { Objective = epoch.Average(point => point.Objective) }).ToList();
        return epochs.Count < _points.Count ? epochs : [];
    }

    public void Add(StepPoint point)
    {
        _points.Add(point with { Seconds = _secondsBefore + point.Seconds });
        StepCount++;
        if (_points.Count >= PointsMax) Thin();
    }

    /// <summary>The validation part was evaluated where the run stands.</summary>
    public void Watch(double logLoss)
    {
        if (_points.Count > 0) _points[^1] = _points[^1] with { ValidationLogLoss = logLoss };
    }

    /// <summary>The run began again from nothing, for want of a checkpoint.</summary>
    public void Restart() => Resume(-1);

    /// <summary>The run went on from <paramref name="step"/>: what came after is forgotten, as by the run; its clock starts anew.</summary>
    public void Resume(int step)
    {
        if (_points.Count == 0) return;
        _secondsBefore = _points[^1].Seconds;
        StepCount -= _points.RemoveAll(point => point.Step > step);
        if (_points.Count > 0) _resumptions.Add(new Resumption(_points[^1] with { Seconds = _secondsBefore }));
    }

    /// <summary>The number of the epoch that a step belongs to, from 1; what follows the last whole one is one as well.</summary>
    static long EpochOf(StepPoint point) => (long)Math.Ceiling(point.Epochs - 1e-9);

    void Thin()
    {
        var last = _points[^1];
        _points = [.. _points.SkipLast(1).Chunk(GroupSize).SelectMany(Extremes), last];
    }

    /// <summary>The points where a figure is least or greatest, in order; the first of a run is one of them by its place.</summary>
    IEnumerable<StepPoint> Extremes(StepPoint[] group)
    {
        var kept = new SortedSet<int>();
        if (group[0] == _points[0]) kept.Add(0);
        foreach (var figure in Figures)
        {
            var known = Enumerable.Range(0, group.Length).Where(i => figure(group[i]) is not null).ToList();
            if (known.Count == 0) continue;
            kept.Add(known.MinBy(i => figure(group[i])));
            kept.Add(known.MaxBy(i => figure(group[i])));
        }
        return kept.Select(i => group[i]);
    }
}
