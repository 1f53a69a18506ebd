using System.ComponentModel;
using System.Runtime.InteropServices;

namespace DistTrain.FaultHarness.Processes;

/// <summary>Signals of Linux, by their numbers.</summary>
enum SignalNumber
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

static partial class Signal
{
    /// <summary>Sends it to one process.</summary>
    /// <exception cref="Win32Exception">There is no such process.</exception>
    public static void Send(int processId, SignalNumber signal)
    {
        if (Kill(processId, (int)signal) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill -{signal} {processId}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
