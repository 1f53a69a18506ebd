using System.Runtime.InteropServices;

namespace DistTrain.Node.Datasets;

/// <summary>What the system is told about pages of files, where it listens (Linux). It is advice: nothing fails, and bytes stay the same.</summary>
static class PageAdvice
{
    const int DontNeed = 4;

    /// <summary>Takes mapped pages out of this process; they are mapped again when they are read.</summary>
    public static unsafe void Unmap(byte* first, nint length)
    {
        if (!OperatingSystem.IsLinux()) return;
        var beyond = (nint)first % Environment.SystemPageSize;
        _ = Native.madvise((nint)first - beyond, length + beyond, DontNeed);
    }

    /// <summary>Gives up the pages of a file that nothing maps.</summary>
    public static void LetGo(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            using var file = File.OpenHandle(path);
            _ = Native.posix_fadvise((int)file.DangerousGetHandle(), 0, 0, DontNeed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever reads the file will say so.
        }
    }

    static class Native
    {
        [DllImport("libc", ExactSpelling = true)]
        internal static extern int posix_fadvise(int file, long start, long length, int advice);

        [DllImport("libc", ExactSpelling = true)]
        internal static extern int madvise(nint first, nint length, int advice);
    }
}
