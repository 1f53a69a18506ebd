namespace DistTrain.Data.Storage;

/// <summary>A value that is made when it is first asked for, once: whoever asks meanwhile waits. What fails is tried again next time.</summary>
/// <param name="make">Called by one thread at a time; not again once it has returned.</param>
sealed class Once<T>(Func<T> make)
    where T : class
{
    readonly Lock _making = new();
    volatile T? _value;

    /// <summary>Whether it has been made.</summary>
    public bool IsMade => _value is not null;

    public T Value
    {
        get
        {
            if (_value is { } made) return made;
            lock (_making) return _value ??= make();
        }
    }
}
