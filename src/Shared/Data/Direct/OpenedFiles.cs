using System.Collections;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Direct;

/// <summary>Files that are open to be read by offset, until this is disposed.</summary>
sealed class OpenedFiles : IReadOnlyList<IRandomAccess>, IDisposable
{
    readonly List<IRandomAccess> _opened = [];

    OpenedFiles()
    {
    }

    public int Count => _opened.Count;

    public IRandomAccess this[int file] => _opened[file];

    /// <summary>Null where one of them can only be read from the first byte on.</summary>
    public static OpenedFiles? TryOpen(IEnumerable<IInputFile> files)
    {
        var (opened, isWhole) = (new OpenedFiles(), false);
        try
        {
            foreach (var file in files)
            {
                if (file.OpenRandomAccess() is not { } bytes) return null;
                opened._opened.Add(bytes);
            }
            isWhole = true;
            return opened;
        }
        finally
        {
            if (!isWhole) opened.Dispose();
        }
    }

    public IEnumerator<IRandomAccess> GetEnumerator() => _opened.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var file in _opened) file.Dispose();
    }
}
