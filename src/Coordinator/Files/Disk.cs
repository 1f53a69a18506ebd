using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DistTrain.Coordinator.Files;

/// <summary>The disk of this machine.</summary>
public sealed class Disk : IDisk
{
    const int BufferBytes = 1 << 16;

    public static Disk Instance { get; } = new();

    public void CreateFolder(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> FilesIn(string folder) =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))] : [];

    public Stream Read(string path) =>
        new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferBytes);

    public Stream Create(string path) => new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferBytes);

    /// <remarks>.NET's own flush keeps quiet about a disk that fails (EIO), so the system is asked.</remarks>
    public void Flush(Stream file)
    {
        var stream = (FileStream)file;
        stream.Flush(flushToDisk: OperatingSystem.IsWindows());
        if (!OperatingSystem.IsWindows()) Synchronize(stream.SafeFileHandle, stream.Name);
    }

    /// <remarks>.NET opens no folders; elsewhere than on Windows, where names need no flush of their own, the system does.</remarks>
    public void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new SafeFileHandle(NativeCalls.Open(path, NativeCalls.ReadOnly), ownsHandle: true);
        if (folder.IsInvalid) throw NativeCalls.Failure($"The folder {path} cannot be opened");
        Synchronize(folder, path);
    }

    public void Rename(string path, string newPath) => File.Move(path, newPath, overwrite: true);

    /// <remarks>File.Move looks first and moves then, between which another process may come; a link cannot be made over a name.</remarks>
    public bool TryRename(string path, string newPath)
    {
        try
        {
            if (OperatingSystem.IsWindows()) File.Move(path, newPath, overwrite: false);
            else if (NativeCalls.Link(path, newPath) != 0 && !TryTakeWithoutLinks(path, newPath))
                throw NativeCalls.Failure($"{newPath} cannot be made");
        }
        catch (IOException) when (File.Exists(newPath))
        {
            return false;
        }
        File.Delete(path);
        return true;
    }

    public void Delete(string path) => File.Delete(path);

    /// <summary>
    /// Where the file system has no links (FAT, many network shares): the name is taken by making an empty file, which only one can, and
    /// that is replaced. False where it is something else that a link failed by.
    /// </summary>
    static bool TryTakeWithoutLinks(string path, string newPath)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != NativeCalls.NotPermitted && error != NativeCalls.NoSuchCall && error != NativeCalls.NotSupported) return false;
        new FileStream(newPath, FileMode.CreateNew).Dispose();
        try
        {
            File.Move(path, newPath, overwrite: true);
        }
        catch
        {
            File.Delete(newPath); // Else it would look as if another process had taken the name.
            throw;
        }
        return true;
    }

    /// <summary>File systems and special files that know no flush are left in peace.</summary>
    static void Synchronize(SafeFileHandle file, string path)
    {
        while (NativeCalls.Synchronize(file) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == NativeCalls.Interrupted) continue;
            if (error is NativeCalls.InvalidArgument or NativeCalls.ReadOnlySystem || error == NativeCalls.NotSupported) return;
            throw NativeCalls.Failure($"{path} could not be flushed to the disk");
        }
    }

    /// <summary>What POSIX has and .NET has not, or not in full.</summary>
    static class NativeCalls
    {
        public const int ReadOnly = 0;

        public const int NotPermitted = 1; // EPERM
        public const int Interrupted = 4; // EINTR
        public const int InvalidArgument = 22; // EINVAL
        public const int ReadOnlySystem = 30; // EROFS

        /// <summary>ENOSYS.</summary>
        public static readonly int NoSuchCall = OperatingSystem.IsLinux() ? 38 : 78;

        /// <summary>ENOTSUP, which every system numbers for itself.</summary>
        public static readonly int NotSupported = OperatingSystem.IsLinux() ? 95 : 45;

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true, ExactSpelling = true)]
        public static extern int Synchronize(SafeFileHandle file);

        [DllImport("libc", EntryPoint = "open", SetLastError = true, ExactSpelling = true)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "link", SetLastError = true, ExactSpelling = true)]
        public static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);

        public static IOException Failure(string what)
        {
            var error = Marshal.GetLastPInvokeError();
            return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}", error);
        }
    }
}
