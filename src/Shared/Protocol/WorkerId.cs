namespace DistTrain.Protocol;

/// <summary>Names a worker; it stays the same when the worker starts again, its incarnation rises.</summary>
public readonly record struct WorkerId(string Name)
{
    /// <summary>By name, ordinal: the order in which workers are looked at, the same on every machine.</summary>
    public static IComparer<WorkerId> Order { get; } =
        Comparer<WorkerId>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    public override string ToString() => Name;
}
